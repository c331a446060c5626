"""The archive as a LangChain retriever, for those who build a chain of their own on top."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.archive.retrieval import Retriever


class ExitRetriever(BaseRetriever):
    """Returns passages as LangChain documents: text, and label, url, score and ids as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    retriever: Retriever
    count: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.retriever.find(query, count=self.count)
        return [
            Document(
                page_content=hit.passage.text,
                id=hit.passage.id,
                metadata={
                    "passage_id": hit.passage.id,
                    "source_id": hit.passage.source_id,
                    "label": hit.passage.label,
                    "url": hit.passage.url,
                    "authority": hit.passage.authority.value,
                    "score": hit.score,
                },
            )
            for hit in found.hits
        ]
