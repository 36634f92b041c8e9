//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A node is one NATS server of a cluster, in a process of its own.
type node struct {
	Name, Client, Route, Dir string
	Routes                   []string // of all nodes

	process *process
}

// runNode is what the process of a node does until it is killed.
func runNode(text string) {
	var n node
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	check(json.Unmarshal([]byte(text), &n))
	client, err := net.ResolveTCPAddr("tcp", n.Client)
	check(err)
	route, err := net.ResolveTCPAddr("tcp", n.Route)
	check(err)
	options := &server.Options{
		ServerName: n.Name, Host: client.IP.String(), Port: client.Port, JetStream: true, StoreDir: n.Dir, NoLog: true, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "cluster", Host: route.IP.String(), Port: route.Port},
	}
	for _, route := range n.Routes {
		options.Routes = append(options.Routes, &url.URL{Scheme: "nats", Host: route})
	}
	s, err := server.NewServer(options)
	check(err)
	s.Start()
	s.WaitForShutdown()
}

// startCluster starts three nodes, and waits until they are one.
func startCluster(t *testing.T) (nodes map[string]*node, address string, js jetstream.JetStream) {
	t.Helper()
	nodes = map[string]*node{}
	var routes, clients []string
	for i := range 3 {
		n := &node{Name: fmt.Sprint("node", i+1), Client: freeAddress(t), Route: freeAddress(t), Dir: t.TempDir()}
		nodes[n.Name] = n
		routes, clients = append(routes, n.Route), append(clients, "nats://"+n.Client)
	}
	for _, n := range nodes {
		n.Routes = routes
		text, err := json.Marshal(n)
		require.NoError(t, err)
		n.process = startWith(t, []string{natsNode + "=" + string(text)})
	}
	address = strings.Join(clients, ",")
	nc, err := nats.Connect(address, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err = jetstream.New(nc)
	require.NoError(t, err)
	eventually(t, time.Minute, "a cluster of three", func() bool {
		_, err := js.CreateOrUpdateStream(timeout(t, 5*time.Second), jetstream.StreamConfig{Name: "probe", Replicas: 3})
		return err == nil
	})
	return nodes, address, js
}

// A cluster with three replicas loses the node that leads the queue, and gets it back.
func TestAClusterLosesNodes(t *testing.T) {
	t.Parallel()
	users, kills := 150, 1
	if *whole {
		users, kills = 500, 3
	}
	w := newWorld(t, users, 0, 20, 3, 1)
	w.delay = 150 * time.Millisecond
	nodes, address, js := startCluster(t)
	dir := t.TempDir()
	flags := append(w.files(t), "-out", dir, "-count", "5", "-lease", "3s", "-parallel", "2", "-attempts", "30", "-nats", address)
	workers := []*process{start(t, append(flags, "-replicas", "3")...)}
	eventually(t, 30*time.Second, "the first calls", func() bool { return len(w.made()) > 5 })
	for range 2 { // what the first one said holds for them too
		workers = append(workers, start(t, flags...))
	}
	for range kills {
		info := queueInfo(t, js)
		leader := nodes[info.Cluster.Leader]
		leader.process.kill()
		killed, before := time.Now(), len(w.made())
		eventually(t, time.Minute, "calls without a node", func() bool { return len(w.made()) > before+20 })
		t.Logf("%s was killed; %.1f s later calls went on", leader.Name, time.Since(killed).Seconds())
		leader.process.run()
		eventually(t, time.Minute, "the node", func() bool {
			current := 0
			for _, peer := range queueInfo(t, js).Cluster.Replicas {
				if peer.Current && !peer.Offline {
					current++
				}
			}
			return current == 2
		})
	}
	assert.False(t, workers[0].ended(), "the kills came while there was work")
	waitAll(t, 5*time.Minute, workers...)
	w.assertArchive(t, dir)
	w.assertBudget(t, 5000)
	for info := range js.ListStreams(timeout(t, 10*time.Second)).Info() {
		assert.Equal(t, 3, info.Config.Replicas, info.Config.Name)
	}
	output, err := igharvest(t, "status", "-nats", address)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(strings.Fields(output), " "), fmt.Sprint(users, " done 0 running 0 waiting 0 dead"))
}

// queueInfo tells of the stream with the lists, as soon as somebody leads it.
func queueInfo(t *testing.T, js jetstream.JetStream) (info *jetstream.StreamInfo) {
	t.Helper()
	eventually(t, time.Minute, "a leader of the queue", func() bool {
		stream, err := js.Stream(timeout(t, 5*time.Second), "igharvest_harvest")
		if err == nil {
			info, err = stream.Info(timeout(t, 5*time.Second))
		}
		return err == nil && info.Cluster.Leader != ""
	})
	return info
}
