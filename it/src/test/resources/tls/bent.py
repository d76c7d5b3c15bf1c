"""TLS conversations that go wrong on purpose, with tlslite-ng.

bent.py HOST PORT CERTIFICATE KEY AUTHORITY SEED ROUNDS

Prints a line for each conversation: its version, its name, and how the other side ended it: "alert NAME", "closed",
"opened" (a tunnel was had) or "hung". After those that are written down, ROUNDS more bend octets anywhere in anything.
"""
import random
import socket
import sys

from tlslite.api import TLSConnection, HandshakeSettings, X509CertChain, parsePEMKey
from tlslite.constants import AlertDescription, ContentType, HandshakeType
from tlslite.errors import TLSAbruptCloseError, TLSLocalAlert, TLSRemoteAlert, TLSError
from tlslite.messages import Message

PAUSE, PATIENCE = 2, 8
HANDSHAKE, APPLICATION, CCS, ALERT = 22, 23, 20, 21
host, port, certificate, key, authority, seed, rounds = sys.argv[1:8]
chain = X509CertChain()
chain.parsePemList(open(certificate).read())
private = parsePEMKey(open(key).read(), private=True)


class Bent(TLSConnection):
    """Sends in place of each message what a function makes of it: a list of (content type, octets)."""

    def __init__(self, sock, bend):
        super().__init__(sock)
        self.bend = bend

    def _sendMsg(self, msg, randomizeFirstBlock=True, update_hashes=True):
        plain = bytearray(msg.write())
        for kind, octets in self.bend(self, msg.contentType, plain):
            yield from super()._sendMsg(Message(kind, bytearray(octets)), randomizeFirstBlock, update_hashes)


def straight(connection, kind, octets):
    return [(kind, octets)]


def only(message, change):
    """Bends the handshake messages of one type and leaves the others."""

    def bend(connection, kind, octets):
        hit = kind == HANDSHAKE and octets and octets[0] == message
        return change(octets) if hit else [(kind, octets)]

    return bend


def flip(at):
    def change(octets):
        octets[at] ^= 0x20
        return [(HANDSHAKE, octets)]

    return change


def before(*records):
    return lambda octets: [*records, (HANDSHAKE, octets)]


def after(*records):
    return lambda octets: [(HANDSHAKE, octets), *records]


def instead(*records):
    return lambda octets: list(records)


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, 'big') + body


def twice(octets):
    return [(HANDSHAKE, octets), (HANDSHAKE, octets)]


def truncated_signature(octets):
    return [(HANDSHAKE, message(octets[0], bytes(octets[4:6]) + b'\0\0'))]


def garbage_certificate(octets):
    at = len(octets) // 2
    octets[at:at + 8] = b'\xff' * 8
    return [(HANDSHAKE, octets)]


def no_certificate(version):
    return message(HandshakeType.certificate, b'\0\0\0\0' if version == (3, 4) else b'\0\0\0')


def after_handshake(send):
    """Lets the handshake be, and does something in its stead afterwards."""
    bend = lambda connection, kind, octets: [(kind, octets)]
    bend.then = send
    return bend


def exhaust(generator):
    for _ in generator:
        pass


def key_updates(connection):
    for _ in range(200):
        exhaust(connection.send_keyupdate_request(1))


def renegotiate(connection):
    hello = bytes.fromhex('0303') + bytes(32) + b'\0' + bytes.fromhex('0002c02b') + b'\x01\0'
    exhaust(connection._sendMsg(Message(HANDSHAKE, bytearray(message(1, hello)))))


def records(kind, octets, count):
    def send(connection):
        for _ in range(count):
            exhaust(connection._sendMsgThroughSocket(Message(kind, bytearray(octets))))

    return send


def conversations(version):
    verify, finished, cert = HandshakeType.certificate_verify, HandshakeType.finished, HandshakeType.certificate
    client_hello = HandshakeType.client_hello
    yield 'straight', straight
    yield 'hello in records of one octet', 'fragmented'
    yield 'flipped signature', only(verify, flip(-1))
    yield 'empty signature', only(verify, truncated_signature)
    yield 'unknown signature scheme', only(verify, flip(4))
    yield 'no certificate verify', only(verify, instead())
    yield 'certificate verify twice', only(verify, twice)
    yield 'empty certificate list', only(cert, instead((HANDSHAKE, no_certificate(version))))
    yield 'no certificate message', only(cert, instead())
    yield 'garbage in certificate', only(cert, garbage_certificate)
    yield 'certificate of a huge length', only(cert, instead((HANDSHAKE, b'\x0b\xff\xff\xff' + bytes(12000))))
    yield 'certificate twice', only(cert, twice)
    yield 'flipped finished', only(finished, flip(-1))
    yield 'short finished', only(finished, instead((HANDSHAKE, message(finished, b'\0'))))
    yield 'request in place of finished', only(finished, instead((APPLICATION, b'CONNECT allowed.test:443 HTTP/1.1\r\n\r\n')))
    yield 'data before the hello', only(client_hello, before((APPLICATION, b'CONNECT')))
    yield 'cipher change before the hello', only(client_hello, before((CCS, b'\2')))
    yield 'alert before the hello', only(client_hello, before((ALERT, b'\2\x28')))
    yield 'hello twice', only(client_hello, twice)
    yield 'hello of another length', only(client_hello, flip(3))
    yield 'server hello from a client', only(client_hello, flip(0))
    yield 'unknown record type', only(client_hello, before((99, b'\0\0')))
    yield 'unknown handshake message', only(client_hello, before((HANDSHAKE, message(77, b'\0' * 9))))
    yield 'heartbeat', only(client_hello, before((24, b'\1\x40\0' + bytes(16))))
    yield 'empty records', only(client_hello, before(*[(HANDSHAKE, b'')] * 2000))
    yield 'warnings', only(client_hello, before(*[(ALERT, b'\1\x5a')] * 2000))
    yield 'unfinished message', only(client_hello, instead((HANDSHAKE, b'\1\0\3\xe8' + bytes(40))))
    yield 'warnings after the handshake', after_handshake(records(ALERT, b'\1\x5a', 2000))
    yield 'empty records after the handshake', after_handshake(records(APPLICATION, b'', 2000))
    yield 'renegotiation', after_handshake(renegotiate)
    if version == (3, 4):
        yield 'key updates', after_handshake(key_updates)
        yield 'unknown key update', after_handshake(records(HANDSHAKE, message(24, b'\7'), 1))
        yield 'end of early data', only(cert, before((HANDSHAKE, message(5, b''))))


def settings(version):
    chosen = HandshakeSettings()
    chosen.minVersion = chosen.maxVersion = version
    chosen.certificate_compression_send = []
    return chosen


def talk(version, bend):
    with socket.create_connection((host, int(port)), timeout=PAUSE) as tcp:
        # A descriptor of its own, which the library closes when it gives up.
        connection = Bent(tcp.dup(), straight if bend == 'fragmented' else bend)
        connection.ignoreAbruptClose = True
        if bend == 'fragmented':
            connection.recordSize = 1
        try:
            return converse(connection, version, bend)
        except TLSRemoteAlert as e:
            return 'alert ' + AlertDescription.toRepr(e.description)
        except (TLSAbruptCloseError, TLSLocalAlert, ConnectionError, BrokenPipeError):
            return 'closed'
        except socket.timeout:
            return given_up(tcp)
        except (TLSError, ValueError, AssertionError):
            # The bent octets have confused the client itself; what counts is that the server is not.
            return 'closed'


def given_up(tcp):
    """The server waits for more, as it may until its deadline; it must let go when the client does."""
    tcp.settimeout(PATIENCE)
    try:
        tcp.shutdown(socket.SHUT_WR)
        while tcp.recv(4096):
            pass
        return 'closed'
    except socket.timeout:
        return 'hung'
    except OSError:
        return 'closed'


def converse(connection, version, bend):
    connection.handshakeClientCert(chain, private, settings=settings(version), alpn=[b'http/1.1'])
    connection.closeSocket = False
    try:
        if hasattr(bend, 'then'):
            bend.then(connection)
        connection.write(f'CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n'.encode())
    except (ConnectionError, BrokenPipeError):
        pass  # There may be an alert to read.
    answer = connection.read(4096)
    return 'opened' if answer.startswith(b'HTTP/1.1 200') else 'closed' if not answer else repr(bytes(answer[:40]))


def bend_at_random(chance):
    def bend(connection, kind, octets):
        if octets and chance.random() < 0.4:
            for _ in range(chance.randint(1, 4)):
                octets[chance.randrange(len(octets))] = chance.randrange(256)
        if chance.random() < 0.1:
            kind = chance.choice([20, 21, 22, 23, 24, 99])
        return [(kind, octets)] * chance.choice([1, 1, 1, 1, 1, 0, 2])

    return bend


NAMES = {(3, 3): 'TLSv1.2', (3, 4): 'TLSv1.3'}
for version, name in NAMES.items():
    for title, bend in conversations(version):
        print(f'{name}: {title}: {talk(version, bend)}', flush=True)
chance = random.Random(int(seed))
for turn in range(int(rounds)):
    version = chance.choice(list(NAMES))
    print(f'{NAMES[version]}: at random {turn}: {talk(version, bend_at_random(chance))}', flush=True)
