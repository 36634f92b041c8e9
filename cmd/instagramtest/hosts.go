package main

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
)

// printHosts says how programs on this machine find the server under the names that it stands in
// for, and how they come to trust its certificate.
func printHosts(w io.Writer, s *settings) {
	hosts, cert := s.hosts, s.certOut
	if len(hosts) == 0 {
		hosts = []string{"api.instagram.com"}
	}
	if cert == "" {
		cert = "instagramtest.pem"
	}
	if full, err := filepath.Abs(cert); err == nil {
		cert = full
	}
	ip, _, err := net.SplitHostPort(s.addr)
	if parsed := net.ParseIP(ip); err != nil || parsed == nil || parsed.IsUnspecified() {
		ip = "127.0.0.1"
	}
	flags := make([]string, 0, len(hosts))
	for _, host := range hosts {
		flags = append(flags, "-host "+host)
	}
	fmt.Fprintf(w, instructions, strings.Join(flags, " "), net.JoinHostPort(ip, "443"), quoted(cert), ip, strings.Join(hosts, " "), cert)
}

const instructions = `Start the server on the port that the programs use, and let it write its certificate:
  instagramtest -tls %[1]s -addr %[2]s -cert-out %[3]s
Ports below 1024 need root, or on Linux: sysctl -w net.ipv4.ip_unprivileged_port_start=443

Put this line into the hosts file, and take it out when you are done.
Linux and macOS: /etc/hosts. Windows: C:\Windows\System32\drivers\etc\hosts
  %[4]s %[5]s

Let one program trust the certificate, which is made anew at each start:
  Node     NODE_EXTRA_CA_CERTS=%[3]s node program.js
  Python   SSL_CERT_FILE=%[3]s REQUESTS_CA_BUNDLE=%[3]s HTTPLIB2_CA_CERTS=%[3]s python program.py
  Ruby     SSL_CERT_FILE=%[3]s ruby program.rb
  PHP      php -d openssl.cafile=%[3]s -d curl.cainfo=%[3]s program.php
  Java     keytool -importcert -noprompt -alias instagramtest -file %[3]s -keystore trust.p12 -storepass instagramtest
           java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=instagramtest Program
  curl     curl --cacert %[3]s https://...

Or the whole machine, until you take it back:
  Linux    cp %[3]s /usr/local/share/ca-certificates/instagramtest.crt && update-ca-certificates
           rm /usr/local/share/ca-certificates/instagramtest.crt && update-ca-certificates --fresh
  macOS    sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain %[3]s
           sudo security delete-certificate -c instagramtest /Library/Keychains/System.keychain
`
