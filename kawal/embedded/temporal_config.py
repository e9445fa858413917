"""The configuration of the embedded Temporal server: one process, one SQLite file, loopback only."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The loopback ports of one server; `frontend` is the address that clients use."""

    frontend: int = 7233
    frontend_membership: int = 6933
    history: int = 7234
    history_membership: int = 6934
    matching: int = 7235
    matching_membership: int = 6935
    worker: int = 7239
    worker_membership: int = 6939
    ui: int = 8233

    def all_free(self) -> bool:
        """Return whether every port can be bound now."""
        return all(is_free(getattr(self, f.name)) for f in fields(self))

    def as_dict(self) -> dict[str, int]:
        """Return the ports by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def is_free(port: int) -> bool:
    """Return whether a loopback port can be bound now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def remembered_ports(file: Path) -> Ports:
    """Return last time's ports if they are free, else the documented ones if free, else any; store the choice.

    Keeping the ports means that a worker or a browser tab finds a restarted server where it was.
    """
    candidates = [Ports()]
    if file.exists():
        known = {f.name for f in fields(Ports)}
        # Earlier releases also stored a port for the engine's HTTP.
        candidates.insert(0, Ports(**{name: n for name, n in json.loads(file.read_text()).items() if name in known}))
    chosen = next((ports for ports in candidates if ports.all_free()), None)
    return free_ports(file) if chosen is None else _remember(chosen, file)


def free_ports(file: Path) -> Ports:
    """Return ports that the system says are free, and store them. All are held while asking, so they differ."""
    names = [f.name for f in fields(Ports)]
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in names]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        numbers = [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
    return _remember(Ports(**dict(zip(names, numbers, strict=True))), file)


def _remember(ports: Ports, file: Path) -> Ports:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ports.as_dict()))
    return ports


BURSTS = {
    "frontend.rps": 20_000,
    "frontend.namespaceRPS": 20_000,
    "frontend.namespaceRPS.visibility": 2_000,
    "frontend.namespaceCount": 20_000,
    "frontend.persistenceMaxQPS": 50_000,
    "history.rps": 50_000,
    "history.persistenceMaxQPS": 50_000,
    "matching.rps": 50_000,
    "matching.persistenceMaxQPS": 50_000,
    "system.visibilityPersistenceMaxReadQPS": 10_000,
    "system.visibilityPersistenceMaxWriteQPS": 10_000,
    # One host: more partitions of a task queue would only spread the polls thinly.
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # A namespace and its search attributes are created at start-up and must be usable at once.
    "system.forceSearchAttributesCacheRefreshOnRead": True,
    "system.namespaceCacheRefreshInterval": "1s",
    "frontend.enableServerVersionCheck": False,
}
"""Limits meant for shared clusters, raised because one installation owns this server, and imports and reruns are
bursts."""

FAILING_TASKS = {
    # After so many failures or time-outs in a row the engine marks a run (`TemporalReportedProblems`), ten seconds
    # after the first. A single one is a worker that died; the default of five would take a minute.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": 2,
    # The maximum delay, besides its time-out of ten seconds, before a failed task is retried: with the default of ten
    # minutes a complaint would wait that much longer after the code is fixed or a key is available again.
    "history.workflowTaskRetryMaxInterval": "20s",
}
"""How soon a complaint whose task fails repeatedly is recognised as such (client.watcher), and recovers."""

VIRTUAL_TIME = {
    "frontend.WorkflowTimeSkippingEnabled": True,
    # How far ahead timers are read, hence how late they may fire: with the default of a second every skip takes one.
    "history.timerProcessorMaxTimeShift": "20ms",
    # A rerun covers years: far more skips than the 200 that suit a unit test.
    "frontend.WorkflowTimeSkippingMaxSkipPerSession": 1_000_000,
    # A test that deletes a history need not wait half a minute until every queue has noted that it is closed.
    "history.transferProcessorEnsureCloseBeforeDelete": False,
}
"""Only for reruns and tests: a live installation's clock must not be movable."""


def dynamic_values(*, virtual_time: bool) -> dict[str, Any]:
    """Return the dynamic configuration as key and value."""
    return {**BURSTS, **FAILING_TASKS, **(VIRTUAL_TIME if virtual_time else {})}


def dynamic_config(*, virtual_time: bool) -> str:
    """Return the dynamic configuration file (JSON, which is YAML)."""
    return json.dumps(
        {key: [{"value": value}] for key, value in dynamic_values(virtual_time=virtual_time).items()}, indent=1
    )


def synchronous(*, virtual_time: bool) -> str:
    """Return SQLite's `synchronous`: 2, a confirmed command survives a power cut; 0 in virtual time.

    Work in virtual time (reruns, tests) can be repeated; even then data survives the death of the server's process.
    """
    return "0" if virtual_time else "2"


def server_config(database: Path, dynamic: Path, ports: Ports, *, virtual_time: bool = False) -> str:
    """Return the server's configuration file (JSON, which is YAML)."""
    writing = {"journal_mode": "wal", "synchronous": synchronous(virtual_time=virtual_time)}
    store = {
        "sql": {
            "pluginName": "sqlite",
            # The path becomes part of a URI, where # ends it and % begins an escape.
            "databaseName": quote(str(database)),
            "connectAddr": "localhost",
            "connectProtocol": "tcp",
            "connectAttributes": {"mode": "rwc", "setup": "true", **writing},
            "maxConns": 1,
            "maxIdleConns": 1,
            "maxConnLifetime": "1h",
        }
    }

    def service(grpc: int, membership: int) -> dict[str, Any]:
        # No httpPort: nothing of ours uses HTTP with the engine, but any page in a browser could.
        return {"rpc": {"grpcPort": grpc, "membershipPort": membership, "bindOnIP": LOOPBACK}}

    frontend = f"{LOOPBACK}:{ports.frontend}"
    config = {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "sqlite",
            "visibilityStore": "sqlite",
            "numHistoryShards": 1,
            "datastores": {"sqlite": store},
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": LOOPBACK}},
        "services": {
            "frontend": service(ports.frontend, ports.frontend_membership),
            "history": service(ports.history, ports.history_membership),
            "matching": service(ports.matching, ports.matching_membership),
            "worker": service(ports.worker, ports.worker_membership),
        },
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": "active",
            "currentClusterName": "active",
            "clusterInformation": {
                "active": {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": frontend,
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "archival": {"history": {"state": "disabled"}, "visibility": {"state": "disabled"}},
        "publicClient": {"hostPort": frontend},
        "dynamicConfigClient": {"filepath": str(dynamic), "pollInterval": "60s"},
    }
    return json.dumps(config, indent=1)
