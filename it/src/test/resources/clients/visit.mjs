// Node's own modules through a proxy's CONNECT: node visit.mjs PROXY-HOST PROXY-PORT ROOT HOST MIN-MAX-VERSION ALPN
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';

const [proxyHost, proxyPort, root, host, version, alpn] = process.argv.slice(2);

function fail(error) {
  console.error(String(error));
  process.exit(1);
}

function answered(protocol, body, connection) {
  console.log(`${connection.getProtocol()} ${protocol} ${body.trim()} issuer=${connection.getPeerCertificate().issuer.CN}`);
  process.exit(0);
}

function http1(connection) {
  https
    .get({ host, path: '/page', createConnection: () => connection }, answer => {
      let body = '';
      answer.on('data', chunk => (body += chunk));
      answer.on('end', () => answered(`HTTP/${answer.httpVersion}`, body, connection));
    })
    .on('error', fail);
}

function http2Get(connection) {
  const session = http2.connect(`https://${host}`, { createConnection: () => connection });
  session.on('error', fail);
  const stream = session.request({ ':path': '/page' });
  let body = '';
  stream.on('data', chunk => (body += chunk));
  stream.on('end', () => answered('HTTP/2', body, connection));
}

http
  .request({ host: proxyHost, port: proxyPort, method: 'CONNECT', path: `${host}:443`, headers: { host: `${host}:443` } })
  .on('connect', (answer, socket) => {
    if (answer.statusCode !== 200) {
      fail(`the proxy answered ${answer.statusCode}`);
    }
    const connection = tls.connect(
      { socket, servername: host, ca: readFileSync(root), minVersion: version, maxVersion: version, ALPNProtocols: [alpn] },
      () => (alpn === 'h2' ? http2Get(connection) : http1(connection)),
    );
    connection.on('error', fail);
  })
  .on('error', fail)
  .end();
