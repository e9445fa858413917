"""Debian's mail servers as a test runs them, each in a folder of its own: dovecot (IMAP, LMTP) and postfix (SMTP).

Their configuration is that of dovecot 2.3 and postfix 3.7. Everything listens on 127.0.0.1, on ports of its own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import imaplib
import ipaddress
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "Sandi-lapor-77"  # noqa: S105 - of these tests alone
SECONDS = 30.0


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a scratch folder that the servers' own users may enter."""
    with tempfile.TemporaryDirectory(prefix="kwmail", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 with its key beside it, key.pem; return its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


class Dovecot:
    """A dovecot with the mailboxes of these addresses; `more` is added to its configuration."""

    def __init__(self, folder: Path, *addresses: str, more: str = "") -> None:
        self.folder = folder
        self.imaps, self.imap, self.lmtp = free_port(), free_port(), free_port()
        self.certificate = certificate(folder)
        self._process: subprocess.Popen[bytes] | None = None
        users = "".join(f"{address}:{{PLAIN}}{PASSWORD}::::::\n" for address in addresses)
        (folder / "users").write_text(users)
        (folder / "users").chmod(0o644)
        (folder / "mail").mkdir()
        root = os.geteuid() == 0
        me = getpass.getuser()
        internal, login, owner = ("dovecot", "dovenull", "mail") if root else (me, me, me)
        if root:
            shutil.chown(folder / "mail", owner, owner)
        (folder / "dovecot.conf").write_text(
            f"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {internal}
default_login_user = {login}
first_valid_uid = 1
ssl = yes
ssl_cert = <{self.certificate}
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = {self.imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp}
  }}
}}
{more}
"""
        )

    def start(self) -> None:
        """Run it until `stop`; return when it answers."""
        command = ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, cwd=self.folder, start_new_session=True)
        answering(self.imaps, self._process)

    def stop(self) -> None:
        """Kill it with all its processes, as a power cut does."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(SECONDS)
            self._process = None

    def deliver(self, mail: EmailMessage, to: str, sender: str = "siti@example.org") -> None:
        """Hand a letter over by LMTP, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.send_message(mail, sender, [to])

    @contextmanager
    def opened(self, address: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Log in as a person does in a mail program, and open a folder."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as client:
            client.login(address, PASSWORD)
            client.select(folder)
            yield client

    def log(self) -> str:
        """Return what the server has logged."""
        return (self.folder / "dovecot.log").read_text()

    def flags(self, address: str, folder: str = "INBOX") -> list[str]:
        """Return the flags of each letter in a folder, without \\Recent."""
        with self.opened(address, folder) as client:
            _, told = client.uid("FETCH", "1:*", "(FLAGS)")
        flags = [line.decode().partition("FLAGS (")[2].partition(")")[0] for line in told if isinstance(line, bytes)]
        return [" ".join(sorted(set(one.split()) - {"\\Recent"})) for one in flags]


class Postfix:
    """A postfix that hands each domain's letters on to where `transports` says, in its own words; needs root."""

    def __init__(self, folder: Path, transports: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("etc", "spool", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        routes = ", ".join(f"{{ {domain} = {to} }}" for domain, to in transports.items())
        (folder / "etc" / "main.cf").write_text(
            f"""
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.org
mydestination =
mynetworks = 127.0.0.0/8
relay_domains = {" ".join(transports)}
transport_maps = inline:{{ {routes} }}
recipient_delimiter = +
minimal_backoff_time = 1s
queue_run_delay = 1s
smtp_tls_security_level = none
alias_maps =
alias_database =
"""
        )
        (folder / "etc" / "master.cf").write_text(_MASTER.format(port=self.port))

    def start(self) -> None:
        """Run it until `stop`; return when it answers."""
        command = ["postfix", "-c", str(self.folder / "etc"), "start-fg"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        answering(self.port, self._process)

    def stop(self) -> None:
        """Stop it in order."""
        subprocess.run(["postfix", "-c", str(self.folder / "etc"), "stop"], capture_output=True, check=False)
        if self._process is not None:
            self._process.wait(SECONDS)

    def send(self, mail: EmailMessage, *to: str, sender: str = "siti@example.org") -> None:
        """Hand a letter over by SMTP, as anybody's mail server does."""
        with smtplib.SMTP("127.0.0.1", self.port) as smtp:
            smtp.send_message(mail, sender, list(to))

    def handed_on(self, to: str) -> int:
        """Return how many letters to an address the next server has taken."""
        lines = (self.folder / "postfix.log").read_text().splitlines()
        return sum(f"to=<{to}>" in line and "status=sent" in line for line in lines)


_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def answering(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers on its port."""
    until = time.monotonic() + SECONDS
    while True:
        assert process.poll() is None, f"the server on port {port} ended with {process.returncode}"
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                assert connection is not None
                return
        except OSError:
            assert time.monotonic() < until, f"nothing answers on port {port}"
            time.sleep(0.05)
