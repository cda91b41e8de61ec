import InProcessTransport
import JSON
import QdrantProvider
import ResourceModel
import SimulatedQdrant
import Testing
import Transport

/// The requests of the lock, on a server that keeps metadata and on one that does not.
@Suite struct LockClientTests {
  @Test(arguments: LockBench.Kind.allCases)
  func `An epoch that was created says who holds the lock`(kind: LockBench.Kind) async throws {
    let bench = LockBench(kind)
    #expect(try await bench.state() == LockState())
    let record = LockBench.record(rolledBack: true)
    #expect(try await bench.perform(.createEpoch(1, record)).isCompleted)
    #expect(try await bench.state() == LockState(epochs: [1], record: record))
  }

  @Test func `An epoch is one collection without vectors and shards, and one request`()
    async throws
  {
    let bench = LockBench()
    try await bench.perform(.createEpoch(12, LockBench.record()))
    let sent = try #require(bench.transport.mutations.first)
    #expect(bench.mutations == ["PUT /collections/_qr_lock.w.12"])
    #expect(sent.request.headers.contains(HTTPHeader("x-request-id", "r/s")))
    let body: JSONValue = [
      "vectors": [:], "sharding_method": "custom",
      "metadata": ["qdrant_reconciler_lock": LockBench.record().json],
    ]
    #expect(try JSONParser.parse(#require(sent.request.body)) == body)
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `The second creation of an epoch is refused and changes nothing`(
    kind: LockBench.Kind
  ) async throws {
    let bench = LockBench(kind)
    let first = LockBench.record(nonce: "first")
    try await bench.perform(.createEpoch(1, first))
    let error = await bench.error(.createEpoch(1, LockBench.record(nonce: "second")))
    #expect(error?.outcome == .rejected)
    #expect(error?.status == 409)
    #expect(try await bench.state().record == first)
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `Of fifty contenders at once exactly one creates the epoch`(
    kind: LockBench.Kind
  ) async throws {
    let bench = LockBench(kind)
    let errors = await withTaskGroup(of: (Int, ProviderError?).self) { group in
      for contender in 0..<50 {
        group.addTask {
          (
            contender,
            await bench.error(.createEpoch(1, LockBench.record(nonce: "\(contender)")))
          )
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(errors.values.allSatisfy { $0.status == 409 })
    let winners = (0..<50).filter { errors[$0] == nil }
    #expect(winners.count == 1)
    #expect(try await bench.state().record?.nonce == winners.first.map(String.init))
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `Writing an epoch replaces the whole record`(kind: LockBench.Kind) async throws {
    let bench = LockBench(kind)
    try await bench.perform(.createEpoch(1, LockBench.record(rolledBack: true)))
    for state in [LockRecord.State.open, .free] {
      let record = LockBench.record(state)
      try await bench.perform(.writeEpoch(1, record))
      #expect(try await bench.state() == LockState(epochs: [1], record: record))
    }
    let error = await bench.error(.writeEpoch(2, LockBench.record()))
    #expect(error?.outcome == .rejected)
    #expect(error?.status == 404)
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `The highest epoch counts by its number, and lower ones can be deleted`(
    kind: LockBench.Kind
  ) async throws {
    let bench = LockBench(kind)
    for number in [10, 9, 2] {
      try await bench.perform(.createEpoch(number, LockBench.record(nonce: "n\(number)")))
    }
    #expect(try await bench.state().epochs == [2, 9, 10])
    try await bench.perform(.deleteEpoch(2))
    try await bench.perform(.deleteEpoch(9))
    try await bench.perform(.deleteEpoch(9))
    let expected = LockState(epochs: [10], record: LockBench.record(nonce: "n10"))
    #expect(try await bench.state() == expected)
    let left = bench.names().filter { $0.hasPrefix("_qr_own.") }
    #expect(left.allSatisfy { $0.hasPrefix("_qr_own.w.10.") })
    #expect(left.isEmpty == (kind == .metadata))
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `A highest epoch without a record of ours is held by nobody knows whom`(
    kind: LockBench.Kind
  ) async throws {
    let bench = LockBench(kind)
    try await bench.perform(.createEpoch(1, LockBench.record(.free)))
    bench.foreign("PUT", "/collections/_qr_lock.w.2", #"{"vectors":{}}"#)
    #expect(try await bench.state() == LockState(epochs: [1, 2]))
    bench.foreign(
      "PATCH", "/collections/_qr_lock.w.2",
      #"{"metadata":{"qdrant_reconciler_lock":{"state":"free","run":"r"}}}"#)
    #expect(try await bench.state() == LockState(epochs: [1, 2]))
  }

  @Test func `Only epochs of exactly this workspace are taken`() async throws {
    let bench = LockBench()
    for name in [
      "_qr_lock.w-1.7", "_qr_lock.ww.7", "_qr_lock.w.07", "_qr_lock.w.+7", "_qr_lock.w.0",
      "_qr_lock.w.-7", "_qr_lock.w.7.7", "_qr_lock.w.", "_qr_lock.w.7x", "_qr_lock.w",
      "_qr_lock.w.1000000000000000", "_qr_lock.w.99999999999999999999", "x_qr_lock.w.7",
    ] {
      bench.foreign("PUT", "/collections/\(name)", #"{"vectors":{}}"#)
    }
    #expect(try await bench.state() == LockState())
    try await bench.perform(.createEpoch(999_999_999_999_999, LockBench.record()))
    #expect(try await bench.state().epochs == [999_999_999_999_999])
    #expect(try await bench.state("w-1").epochs == [7])
  }

  @Test(arguments: ["", "a.b", "W", "w ", "é", "w/x", String(repeating: "w", count: 41)])
  func `A workspace name that no lock can bear is refused before anything is sent`(
    name: String
  ) async {
    let bench = LockBench()
    await #expect(throws: ProviderError.self) { try await bench.state(name) }
    #expect(await bench.error(.deleteEpoch(1), name)?.outcome == .rejected)
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test(arguments: [0, -1, 1_000_000_000_000_000, Int.max])
  func `A number that is no epoch is refused before anything changes`(number: Int) async {
    let bench = LockBench()
    for control in [
      ControlOperation.createEpoch(number, LockBench.record()),
      .writeEpoch(number, LockBench.record()), .deleteEpoch(number),
    ] {
      #expect(await bench.error(control)?.outcome == .rejected)
    }
    #expect(bench.mutations.isEmpty)
  }

  @Test func `The longest names of a lock stay within 200 bytes`() async throws {
    let workspace = String(repeating: "w", count: 40)
    let bench = LockBench(.names)
    let record = LockBench.record(rolledBack: true)
    try await bench.perform(.createEpoch(999_999_999_999_999, record), workspace)
    #expect(try await bench.state(workspace).record == record)
    let names = bench.mutations.map { $0.dropFirst("PUT /collections/".count) }
    #expect(names.count > 1)
    #expect(names.allSatisfy { $0.utf8.count <= 200 })
  }

  @Test func `A barrier deletes an alias that never was`() async throws {
    let bench = LockBench()
    #expect(try await bench.perform(.barrier(nonce: "r-1.2_x")).isCompleted)
    let sent = try #require(bench.transport.mutations.first)
    #expect(bench.mutations == ["POST /collections/aliases"])
    let body = #"{"actions":[{"delete_alias":{"alias_name":"_qr_barrier.r-1.2_x"}}]}"#
    #expect(sent.request.body.map { String(decoding: $0, as: UTF8.self) } == body)
  }

  @Test(arguments: ["", "a/b", "a b", "é", String(repeating: "n", count: 201)])
  func `A barrier's nonce is a plain word`(nonce: String) async {
    let bench = LockBench()
    #expect(await bench.error(.barrier(nonce: nonce))?.outcome == .rejected)
    #expect(bench.mutations.isEmpty)
  }

  @Test(arguments: LockBench.Kind.allCases)
  func `What belongs to the lock is neither listed nor read when a cluster is observed`(
    kind: LockBench.Kind
  ) async throws {
    let bench = LockBench(kind)
    bench.foreign("PUT", "/collections/products", #"{"vectors":{}}"#)
    bench.foreign("PUT", "/collections/_qr_barrier.x", #"{"vectors":{}}"#)
    try await bench.perform(.createEpoch(1, LockBench.record()))
    bench.transport.forgetExchanges()
    let observed = try await bench.client.observe(nil)
    #expect(observed.collectionNames == ["products"])
    #expect(Set(observed.collections.keys) == ["products"])
    #expect(observed.unchecked.isEmpty)
    #expect(!bench.transport.exchanges.contains { $0.line.contains("_qr_") })
  }
}
