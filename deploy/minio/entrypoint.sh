#!/bin/sh
# What the MinIO image starts. Makes the bucket and a key for it alone, every time and before anybody
# else can connect; other keys are removed: a new key is a new environment and a restart.
set -eu
: "${MINIO_ROOT_USER:?set it to the name of the store administrator}"
: "${MINIO_ROOT_PASSWORD:?set it to the password of the store administrator}"
: "${MINIO_ACCESS_KEY:?set it to the key of the application, GK and 24 hexadecimal digits}"
: "${MINIO_SECRET_KEY:?set it to its secret, 64 hexadecimal digits}"
bucket="${MINIO_BUCKET:-docuvault}"
region="${MINIO_REGION:-us-east-1}"
data="${MINIO_DATA:-/var/lib/minio}"
case "$MINIO_ROOT_USER$MINIO_ROOT_PASSWORD" in
*[!A-Za-z0-9_-]*)
    echo "MINIO_ROOT_USER and MINIO_ROOT_PASSWORD may have letters, digits, - and _ only." >&2
    exit 1
    ;;
esac
umask 077
# MinIO takes these for something of its own.
access="$MINIO_ACCESS_KEY" secret="$MINIO_SECRET_KEY"
unset MINIO_ACCESS_KEY MINIO_SECRET_KEY MINIO_BUCKET MINIO_REGION
export MINIO_SITE_REGION="$region" MINIO_BROWSER=off MINIO_UPDATE=off
export HOME=/tmp MC_CONFIG_DIR=/tmp/mc
export MC_HOST_vault="http://$MINIO_ROOT_USER:$MINIO_ROOT_PASSWORD@127.0.0.1:9001"

minio server --quiet --address 127.0.0.1:9001 "$data" &
preparation=$!
trap 'kill "$preparation" 2>/dev/null || true' EXIT
tries=0
until wget -q -O /dev/null http://127.0.0.1:9001/minio/health/ready; do
    if ! kill -0 "$preparation" 2>/dev/null || [ "$tries" -ge 150 ]; then
        echo "MinIO could not be prepared. Its messages are above." >&2
        exit 1
    fi
    tries=$((tries + 1))
    sleep 0.2
done
mc --quiet mb --ignore-existing --region "$region" "vault/$bucket"
cat >/tmp/policy.json <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      "Resource": ["arn:aws:s3:::$bucket"]
    },
    {
      "Effect": "Allow",
      "Action": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject",
        "s3:ListMultipartUploadParts", "s3:PutObject"],
      "Resource": ["arn:aws:s3:::$bucket/*"]
    }
  ]
}
POLICY
mc --quiet admin policy create vault docuvault /tmp/policy.json
# On standard input: arguments can be read by every user of the machine.
printf '%s\n%s\n' "$access" "$secret" | mc --quiet admin user add vault
# It fails when the key has the policy already.
mc --quiet admin policy attach vault docuvault --user "$access" ||
    mc --quiet admin user info vault "$access" | grep -q docuvault
mc --quiet admin user list vault | while read -r _ user _; do
    if [ "$user" != "$access" ]; then mc --quiet admin user remove vault "$user"; fi
done
kill "$preparation"
wait "$preparation" || true
trap - EXIT
rm -rf "$MC_CONFIG_DIR" /tmp/policy.json
unset MC_HOST_vault
exec minio server --quiet --address "${LISTEN_ADDRESS:-:9000}" "$data"
