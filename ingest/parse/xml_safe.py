"""The only file that parses XML from outside: entities are refused, nothing is fetched."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ingest.parse.document import ParseProblem


def parse_xml(data: bytes) -> Element:
    """Parse well-formed XML; raises ParseProblem (malformed), also for entity definitions."""
    try:
        root: Element = fromstring(data, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ParseProblem("malformed") from error
    return root
