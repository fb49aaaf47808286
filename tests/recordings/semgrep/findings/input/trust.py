import hashlib
import hmac
import logging
import os
import ssl
import tempfile
import xml.sax
from pathlib import Path

import flask
import httpx
import jwt
import paramiko
import requests
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import modes
from lxml import etree

logger = logging.getLogger(__name__)
app = flask.Flask(__name__)


def traffic(bundle: str) -> None:
    requests.get("https://example.org", verify=False, timeout=3)  # expect: certificate-not-checked
    httpx.Client(verify=False)  # expect: certificate-not-checked
    requests.get("https://example.org", verify=bundle, timeout=3)
    session = requests.Session()
    session.verify = False  # expect: certificate-not-checked
    session.post("https://example.org", verify=False)  # expect: certificate-not-checked
    session.verify = bundle
    context = ssl._create_unverified_context()  # expect: context-without-verification
    context.verify_mode = ssl.CERT_NONE  # expect: context-without-verification
    context.verify_mode = ssl.CERT_REQUIRED
    ssl.create_default_context()


def tokens(token: str, key: str) -> None:
    jwt.decode(token, options={"verify_signature": False})  # expect: token-not-verified
    jwt.decode(token, key, algorithms=["HS256", "none"])  # expect: token-not-verified
    jwt.decode(token, key, algorithms=["HS256"])
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # expect: host-key-not-checked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())


def serve(debug: bool) -> None:
    app.run(debug=True)  # expect: debugger-for-everybody
    app.run(debug=debug)


def parsers() -> None:
    etree.XMLParser(resolve_entities=True)  # expect: external-entities-resolved
    etree.XMLParser(resolve_entities=False)
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)  # expect: external-entities-resolved
    parser.setFeature(xml.sax.handler.feature_external_ges, False)


def files(path: Path) -> None:
    tempfile.mktemp()  # expect: name-before-file
    tempfile.mkstemp()
    os.chmod(path, 0o777)  # expect: writable-by-everybody
    path.chmod(0o666)  # expect: writable-by-everybody
    path.chmod(0o640)
    os.chmod(path, 0o755)


def hashes(password: str, user, data: bytes, key: bytes, given: str) -> None:
    hashlib.sha256(password.encode()).hexdigest()  # expect: password-in-fast-hash
    hashlib.md5(user.password)  # expect: password-in-fast-hash
    hashlib.sha256(data)
    hashlib.scrypt(password.encode(), salt=data, n=2, r=8, p=1)
    if hmac.new(key, data, "sha256").hexdigest() == given:  # expect: digest-compared-in-variable-time
        return
    hmac.compare_digest(hmac.new(key, data, "sha256").hexdigest(), given)
    AES.new(key, AES.MODE_ECB)  # expect: blocks-encrypted-alike
    AES.new(key, AES.MODE_GCM)
    modes.ECB()  # expect: blocks-encrypted-alike
    modes.GCM(data)


def log(user, password: str, access_token: str, password_reset_url: str) -> None:
    logger.info("password %s", password)  # expect: secret-in-log
    logging.debug(f"token é {access_token}")  # expect: secret-in-log
    logger.warning("user %s, %s", user.name, user.api_key)  # expect: secret-in-log
    logger.info("reset at %s", password_reset_url)
    logger.info("password changed")
    logger.info("key at %s, known: %s", user.path_private_key, user.has_password)
    logger.info("connected to %s", user.obscure_password)
