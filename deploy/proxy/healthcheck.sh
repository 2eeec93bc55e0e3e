#!/bin/sh
# Through to a server and back: that is what the proxy is for.
exec wget -q -O /dev/null http://127.0.0.1:8080/livez
