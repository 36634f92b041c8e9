// Package instagram is a client for the Instagram v1 API and for the servers
// and archives that still speak it. Production was shut down on 29 June 2020.
package instagram
