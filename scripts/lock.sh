#!/bin/sh
# Resolve the locks for all platforms; torch and its CUDA packages are left out (pip installs torch first, see docs/decisions).
set -eu
for extra in "" dev; do
  name="requirements${extra:+-$extra}.lock"
  uv pip compile --universal --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
    --quiet pyproject.toml ${extra:+--extra $extra} --output-file "$name.all"
  grep -vE '^(torch|triton|nvidia-|cuda-)' "$name.all" > "$name"
  rm "$name.all"
done
