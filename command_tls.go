package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Files under DIR/tls, and how long the certificates last. Phones refuse server certificates of private CAs
// beyond 825 days.
const (
	caCertFile     = "ca.crt"
	caKeyFile      = "ca.key"
	serverCertFile = "server.crt"
	serverKeyFile  = "server.key"
	caLife         = 10 * 365 * 24 * time.Hour
	serverLife     = 820 * 24 * time.Hour
)

type tlsInitCmd struct {
	Data string   `help:"Folder of the installation." default:"data" env:"JINGZHONG_DATA" placeholder:"DIR"`
	Host []string `help:"Names and addresses of the site." required:"" placeholder:"NAME"`
}

// Run makes the CA unless there is one, so that renewing the server's certificate asks nobody to install
// anything again, and a new server certificate for the names given.
func (c *tlsInitCmd) Run() error {
	dir := filepath.Join(c.Data, "tls")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	now := time.Now()
	ca, caKey, err := loadCA(dir)
	if errors.Is(err, fs.ErrNotExist) {
		ca, caKey, err = makeCA(dir, now)
	}
	if err != nil {
		return err
	}
	if err := makeServerCertificate(dir, c.Host, ca, caKey, now); err != nil {
		return err
	}
	cert, key := filepath.Join(dir, serverCertFile), filepath.Join(dir, serverKeyFile)
	fmt.Printf(`Made %s for %v.

Next:
1. jingzhong serve --data %s --tls-cert %s --tls-key %s
2. Let everybody open https://%s/install-ca once and install the site's CA.
   Its SHA-256 fingerprint, to compare with the page:
   %s
3. Keep %s safe: who has it can impersonate any site to these devices.
`, cert, c.Host, c.Data, cert, key, c.Host[0], pairs(sha256.Sum256(ca.Raw)), filepath.Join(dir, caKeyFile))
	return nil
}

func pairs(sum [32]byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

func loadCA(dir string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	certPEM, err := os.ReadFile(filepath.Join(dir, caCertFile))
	if err != nil {
		return nil, nil, err
	}
	keyPEM, err := os.ReadFile(filepath.Join(dir, caKeyFile))
	if err != nil {
		return nil, nil, fmt.Errorf("%s is there, but not its key: %v", caCertFile, err)
	}
	certBlock, _ := pem.Decode(certPEM)
	keyBlock, _ := pem.Decode(keyPEM)
	if certBlock == nil || keyBlock == nil {
		return nil, nil, fmt.Errorf("%s or %s is damaged", caCertFile, caKeyFile)
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, err := x509.ParseECPrivateKey(keyBlock.Bytes)
	return cert, key, err
}

func makeCA(dir string, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "Jingzhong Site CA", Organization: []string{"Jingzhong"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(caLife), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	der, err := sign(template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	// The key first: a certificate without its key would be offered for installing and could sign nothing.
	if err := writeKey(filepath.Join(dir, caKeyFile), key); err != nil {
		return nil, nil, err
	}
	if err := writeCert(filepath.Join(dir, caCertFile), der); err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return cert, key, err
}

func makeServerCertificate(dir string, hosts []string, ca *x509.Certificate, caKey *ecdsa.PrivateKey, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: hosts[0]}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(serverLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := sign(template, ca, &key.PublicKey, caKey)
	if err != nil {
		return err
	}
	if err := writeKey(filepath.Join(dir, serverKeyFile), key); err != nil {
		return err
	}
	return writeCert(filepath.Join(dir, serverCertFile), der, ca.Raw)
}

func sign(template, parent *x509.Certificate, public *ecdsa.PublicKey, key *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	return x509.CreateCertificate(rand.Reader, template, parent, public, key)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writeWhole(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}

func writeCert(path string, chain ...[]byte) error {
	var out []byte
	for _, der := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return writeWhole(path, out, 0o644)
}
