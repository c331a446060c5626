#!/bin/sh
# A Chromium for the browser tests: one that is there, else Debian's package (root), else Playwright's own.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
.venv/bin/playwright install chromium && exit 0
echo "Fant ingen Chromium. Installer en (Debian: apt-get install chromium), ellers feiler nettlesertestene." >&2
exit 0
