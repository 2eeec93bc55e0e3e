#!/bin/sh
# It has to refuse us: the request is not signed.
wget -q -O /dev/null http://127.0.0.1:9000/ 2>&1 | grep -q ' 403 '
