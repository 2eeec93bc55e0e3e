#!/bin/sh
# What the image `minio` starts where there is no MinIO: an S3 server on plain files.
set -eu
umask 077
exec supervisor object-store --listen 0.0.0.0:9000 --folder "${MINIO_DATA:-/var/lib/minio}/objects"
