"""What scripts/compose-test does with a vault, over HTTP: set up, upload, look whether all is there.

    vault.py set-up URL LINK             makes the first account, prints a token
    vault.py upload URL TOKEN N RECORD   uploads N documents, several at a time; what is not accepted is sent
                                         again. RECORD gets a line for every document that was accepted
    vault.py verify URL TOKEN RECORD     waits until each is ready, and compares its bytes
"""

import concurrent.futures
import hashlib
import http.client
import json
import pathlib
import random
import sys
import threading
import time
import urllib.error
import urllib.request

PATIENCE = 180
AT_ONCE = 6
SAMPLES = sorted(
    path
    for path in (pathlib.Path(__file__).parents[2] / "samples").iterdir()
    if path.suffix in {".pdf", ".docx", ".jpg"}
)
AWAY = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


def call(url, token=None, data=None, kind="application/json"):
    headers = {"Content-Type": kind} if data is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def post(url, body, token=None):
    return json.loads(call(url, token, json.dumps(body).encode()))


def set_up(url, link):
    account = {
        "token": link.strip().split("token=")[1],
        "handle": "admin",
        "email": "admin@example.org",
        "password": "a vault for the tests alone",
    }
    session = post(f"{url}/api/auth/setup", account)["access_token"]
    token = {"name": "compose-test", "scope": "admin"}
    print(post(f"{url}/api/account/tokens", token, session)["token"])


def content(number):
    """Mostly letters of up to 200 KB, each another; now and then something that takes time to read."""
    if number % 12 == 0:
        sample = SAMPLES[number // 12 % len(SAMPLES)]
        return f"{number}{sample.suffix}", sample.read_bytes()
    words = random.Random(number)
    alphabet = "invoice insurance rent letter energy tax contract account".split()
    text = " ".join(words.choice(alphabet) for _ in range(words.randrange(50, 25_000)))
    return f"{number}.txt", f"Letter {number}. {text}".encode()


def upload_one(url, token, number, tries):
    name, data = content(number)
    boundary = f"boundary-{number}-of-compose-test"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    form = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    until = time.monotonic() + PATIENCE
    while True:
        try:
            kind = f"multipart/form-data; boundary={boundary}"
            answer = call(f"{url}/api/documents/upload", token, form, kind)
            return json.loads(answer)["id"], hashlib.sha256(data).hexdigest(), len(data)
        except AWAY as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                raise
            if time.monotonic() > until:
                raise
            tries.append(f"{number}: {error}")
            time.sleep(0.2)


def upload(url, token, count, record):
    tries, lock = [], threading.Lock()

    def one(number):
        identifier, digest, size = upload_one(url, token, number, tries)
        with lock, open(record, "a", encoding="ascii") as file:
            file.write(f"{identifier} {digest} {size}\n")

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(int(count))))
    took = time.monotonic() - began
    print(f"   {count} documents accepted in {took:.1f} s; {len(tries)} tries were not, and were made again")


def verify(url, token, record):
    until = time.monotonic() + PATIENCE
    lines = [line.split() for line in open(record, encoding="ascii")]
    began, size = time.monotonic(), 0
    for identifier, digest, length in lines:
        while True:
            try:
                document = json.loads(call(f"{url}/api/documents/{identifier}", token))
                if document["status"] == "ready":
                    break
                if document["status"] == "failed":
                    sys.exit(f"{identifier} failed: {document}")
            except AWAY as error:
                if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                    sys.exit(f"{identifier} is lost: {error}")
            if time.monotonic() > until:
                sys.exit(f"{identifier} is not ready after {PATIENCE} s: {document}")
            time.sleep(0.2)
        data = call(f"{url}/api/documents/{identifier}/content", token)
        if hashlib.sha256(data).hexdigest() != digest:
            sys.exit(f"{identifier} came back with other bytes.")
        size += int(length)
    took = time.monotonic() - began
    total = json.loads(call(f"{url}/api/documents?per_page=1", token))["total"]
    if total < len(lines):
        sys.exit(f"{total} documents are there, and {len(lines)} were accepted.")
    print(f"   {len(lines)} accepted, {len(lines)} ready and whole ({size} bytes) after {took:.1f} s; {total} in the vault")


if __name__ == "__main__":
    {"set-up": set_up, "upload": upload, "verify": verify}[sys.argv[1]](*sys.argv[2:])
