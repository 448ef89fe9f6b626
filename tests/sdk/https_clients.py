#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""curl and Python send to `weir sandbox --https`, trusting the certificate that it made (known by
the fingerprint it prints), and one that it was given; neither trusts it without being told to.

Usage: https_clients.py WEIR
"""
import hashlib
import json
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from sandbox import Sandbox

EVENT = '{"event_type":"x","session_id":"s"}'


def by_curl(url, trusted=None):
    """The status, or curl's exit code where there is none."""
    command = ["curl", "--silent", "--max-time", "30", "--noproxy", "*", "--output", os.devnull,
               "--write-out", "%{http_code}", "--data-binary", EVENT, url + "/events"]
    if trusted:
        command += ["--cacert", trusted]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 else -done.returncode


def by_python(url, trusted=None):
    context = ssl.create_default_context(cafile=trusted)
    request = urllib.request.Request(url + "/events", data=EVENT.encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return answer.status
    except urllib.error.URLError as error:
        return type(error.reason).__name__


def expect(what, found, wanted):
    print(f"{what}: {found}{'' if found == wanted else f', FAILED: not {wanted}'}")
    return found == wanted


def clients(url, name, trusted):
    peer_not_verified = -60  # of curl
    return (expect(f"curl, {name}", by_curl(url, trusted), 202)
            & expect(f"python, {name}", by_python(url, trusted), 202)
            & expect("curl, not told to trust it", by_curl(url), peer_not_verified)
            & expect("python, not told to trust it", by_python(url), "SSLCertVerificationError"))


def with_made_certificate(weir, folder):
    with Sandbox(weir, "https") as sandbox:
        address = urllib.parse.urlsplit(sandbox.url)
        pem = ssl.get_server_certificate((address.hostname, address.port), timeout=30)
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
        printed = sandbox.ready["certificate_sha256"].replace(":", "")
        trusted = os.path.join(folder, "made.pem")
        with open(trusted, "w", encoding="ascii") as file:
            file.write(pem)
        good = expect("the fingerprint it prints is the certificate's", printed, digest)
        good &= clients(sandbox.url, "the certificate it made", trusted)
        by_name = f"https://localhost:{address.port}"
        good &= expect("curl, by name", by_curl(by_name, trusted), 202)
        stopped, code = sandbox.stop()
        return good & expect("collected", (stopped["collected"], code), (3, 0))


def with_given_certificate(weir, folder):
    certificate, key = (os.path.join(folder, name) for name in ("given.pem", "given.key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-keyout", key, "-out", certificate, "-subj", "/CN=given",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True,
                   stderr=subprocess.DEVNULL)
    with Sandbox(weir, "https", "--certificate", certificate, "--key", key) as sandbox:
        good = clients(sandbox.url, "a certificate that is given", certificate)
        stopped, code = sandbox.stop()
        return good & expect("collected", (stopped["collected"], code), (2, 0))


def main():
    with tempfile.TemporaryDirectory() as folder:
        good = with_made_certificate(sys.argv[1], folder)
        good &= with_given_certificate(sys.argv[1], folder)
        print(json.dumps({"good": bool(good)}))
        return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
