# The one package that may be used although nixpkgs calls it insecure. MinIO's community edition is
# archived, and CVE-2026-40344 stays unfixed in it; Compose keeps it in a network of its own, and the
# profile `garage` does without it (docs/deployment.md).
package: (package.pname or "") == "minio"
