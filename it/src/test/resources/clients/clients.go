// Go's own HTTP stack as site and as client: HTTP/1.1, HTTP/2, messages both ways in one HTTP/2 request (as gRPC
// does), WebSocket, and TLS 1.2 and 1.3. Standard library only. Prints a line for each thing that worked; the first
// that does not ends the program with code 1.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	messages  = 50
	socketKey = "dGhlIHNhbXBsZSBub25jZQ=="
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "site" {
		serve(os.Args[2], os.Args[3])
		return
	}
	if len(os.Args) != 5 || os.Args[1] != "visit" {
		fail("usage: clients site CERTIFICATE KEY | clients visit PROXY-URL ROOT HOST")
	}
	proxy, err := url.Parse(os.Args[2])
	check(err)
	pem, err := os.ReadFile(os.Args[3])
	check(err)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		fail("no root in " + os.Args[3])
	}
	visit(proxy, roots, os.Args[4])
}

func visit(proxy *url.URL, roots *x509.CertPool, host string) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		settings := &tls.Config{RootCAs: roots, MinVersion: version, MaxVersion: version}
		page(client(proxy, settings, false), host)
		h2 := client(proxy, settings, true)
		page(h2, host)
		exchange(h2, host)
		socket(client(proxy, settings, false), host)
	}
}

func client(proxy *url.URL, settings *tls.Config, h2 bool) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!h2)
	protocols.SetHTTP2(h2)
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			Proxy:           http.ProxyURL(proxy),
			TLSClientConfig: settings.Clone(),
			Protocols:       protocols,
		},
	}
}

// A page, and the certificate that came with it, which must be the site's own.
func page(client *http.Client, host string) {
	answer, err := client.Get("https://" + host + "/page")
	check(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	check(err)
	fmt.Printf("%s %s %s issuer=%s\n", tls.VersionName(answer.TLS.Version), answer.Proto, body,
		answer.TLS.PeerCertificates[0].Issuer.CommonName)
}

// Each message waits for the answer to the one before, so that nothing may be held back on the way.
func exchange(client *http.Client, host string) {
	reader, writer := io.Pipe()
	request, err := http.NewRequest("POST", "https://"+host+"/exchange", reader)
	check(err)
	request.Header.Set("content-type", "application/grpc")
	answer, err := client.Do(request)
	check(err)
	for i := 0; i < messages; i++ {
		sent := make([]byte, 1+i*i*10)
		rand.Read(sent)
		check(writeMessage(writer, sent))
		received, err := readMessage(answer.Body)
		check(err)
		if !bytes.Equal(sent, received) {
			fail("a message came back changed")
		}
	}
	check(writer.Close())
	_, err = io.ReadAll(answer.Body)
	check(err)
	fmt.Printf("exchange %s grpc-status=%s\n", answer.Proto, answer.Trailer.Get("grpc-status"))
}

func writeMessage(to io.Writer, message []byte) error {
	head := make([]byte, 5)
	binary.BigEndian.PutUint32(head[1:], uint32(len(message)))
	_, err := to.Write(append(head, message...))
	return err
}

func readMessage(from io.Reader) ([]byte, error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint32(head[1:]))
	_, err := io.ReadFull(from, message)
	return message, err
}

// RFC 6455: the upgrade, then masked messages that come back as they are.
func socket(client *http.Client, host string) {
	request, err := http.NewRequest("GET", "https://"+host+"/socket", nil)
	check(err)
	request.Header.Set("connection", "Upgrade")
	request.Header.Set("upgrade", "websocket")
	request.Header.Set("sec-websocket-version", "13")
	request.Header.Set("sec-websocket-key", socketKey)
	// Not through the client, whose time limit takes the way to write from the stream.
	answer, err := client.Transport.RoundTrip(request)
	check(err)
	if answer.StatusCode != http.StatusSwitchingProtocols ||
		answer.Header.Get("sec-websocket-accept") != accept(socketKey) {
		fail("no WebSocket: " + answer.Status)
	}
	stream := answer.Body.(io.ReadWriteCloser)
	defer stream.Close()
	buffered := bufio.NewReader(stream)
	for i := 0; i < messages; i++ {
		sent := make([]byte, 1+i*i*10)
		rand.Read(sent)
		_, err := stream.Write(frame(sent, true))
		check(err)
		received, err := readFrame(buffered)
		check(err)
		if !bytes.Equal(sent, received) {
			fail("a frame came back changed")
		}
	}
	fmt.Printf("websocket %s\n", answer.Proto)
}

func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func frame(message []byte, masked bool) []byte {
	var mask byte
	if masked {
		mask = 0x80
	}
	head := []byte{0x82, mask | 127}
	head = binary.BigEndian.AppendUint64(head, uint64(len(message)))
	if !masked {
		return append(head, message...)
	}
	key := []byte{1, 2, 3, 4}
	head = append(head, key...)
	for i, octet := range message {
		head = append(head, octet^key[i%4])
	}
	return head
}

func readFrame(from io.Reader) ([]byte, error) {
	head := make([]byte, 10)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	key := make([]byte, 4)
	if head[1]&0x80 != 0 {
		if _, err := io.ReadFull(from, key); err != nil {
			return nil, err
		}
	}
	message := make([]byte, binary.BigEndian.Uint64(head[2:]))
	if _, err := io.ReadFull(from, message); err != nil {
		return nil, err
	}
	for i := range message {
		message[i] ^= key[i%4]
	}
	return message, nil
}

func serve(certificate, key string) {
	handler := http.NewServeMux()
	handler.HandleFunc("/page", func(out http.ResponseWriter, request *http.Request) {
		fmt.Fprint(out, "hello "+request.TLS.ServerName)
	})
	handler.HandleFunc("/exchange", answerExchange)
	handler.HandleFunc("/socket", answerSocket)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	fail(http.ServeTLS(listener, handler, certificate, key).Error())
}

func answerExchange(out http.ResponseWriter, request *http.Request) {
	out.Header().Set("trailer", "grpc-status")
	flusher := out.(http.Flusher)
	flusher.Flush()
	for {
		message, err := readMessage(request.Body)
		if err != nil {
			break
		}
		if writeMessage(out, message) != nil {
			return
		}
		flusher.Flush()
	}
	out.Header().Set("grpc-status", "0")
}

func answerSocket(out http.ResponseWriter, request *http.Request) {
	connection, buffered, err := out.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", accept(request.Header.Get("sec-websocket-key")))
	for {
		message, err := readFrame(buffered)
		if err != nil {
			return
		}
		if _, err = connection.Write(frame(message, false)); err != nil {
			return
		}
	}
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
