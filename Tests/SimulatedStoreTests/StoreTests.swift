import Foundation
import JSON
import SimulatedQdrant
import SimulatedStore
import Testing

@Suite struct StoreTests {
  let folder = TemporaryFolder()

  private func open(
    _ name: String = "a", environment: [String: String] = [:], checkpointBytes: Int = 16 << 20
  ) throws(StoreError) -> SimulatedStore {
    try SimulatedStore(
      folder: folder.path + "/" + name, settings: .init(environment: environment),
      checkpointBytes: checkpointBytes)
  }

  /// The state without a store, after the first so many of the requests.
  private func states(after requests: [SimulatedRequest]) -> [JSONValue] {
    var server = SimulatedServer(settings: .init())
    var states = [server.exportState()]
    for (index, request) in requests.enumerated() {
      _ = server.handle(request, now: start + Double(index))
      states.append(server.exportState())
    }
    return states
  }

  /// The state that a folder holds, by way of the checkpoint that a clean end writes.
  private func stateOnDisk(_ name: String) throws -> JSONValue? {
    let store = try open(name)
    try store.close()
    return try JSONParser.parse(Array(try folder.bytes(of: name + "/checkpoint.json")))["state"]
  }

  private let history = [
    create("one"), create("two", size: 8), patch("one", m: 32), delete("two"),
    SimulatedRequest(method: "POST", target: "/collections/one/snapshots"), create("three"),
  ]

  @Test func `A log that was cut at any byte gives the state after a prefix of the requests`()
    throws
  {
    var ends: [Int] = []
    try fill("live") { ends.append(try folder.bytes(of: "live/log-0").count) }
    let log = Array(try folder.bytes(of: "live/log-0"))
    let states = states(after: history)
    #expect(Set(states.map { $0.text() }).count == states.count)
    for length in 0...log.count {
      try folder.copy("live", to: "cut")
      try folder.write(log.prefix(length), to: "cut/log-0")
      let whole = ends.filter { $0 <= length }.count
      #expect(try stateOnDisk("cut") == states[whole], "cut after \(length) bytes")
    }
  }

  /// Sends the history to a store that is then left without being closed.
  private func fill(_ name: String, after each: () throws -> Void = {}) throws {
    let store = try open(name)
    for (index, request) in history.enumerated() {
      let response = store.handle(request, now: start + Double(index))
      #expect(response.status == 200)
      try each()
    }
  }

  @Test func `A store that was cut can be written to and opened again`() throws {
    try fill("a")
    let log = Array(try folder.bytes(of: "a/log-0"))
    try folder.write(log.dropLast(3), to: "a/log-0")
    let store = try open()
    #expect(store.handle(create("four"), now: start + 10).status == 200)
    try store.close()
    let again = try open()
    #expect(try names(again.handle(get("/collections"), now: start + 11)) == ["four", "one"])
  }

  @Test func `Zeros after the last record are a torn end, too`() throws {
    try fill("a")
    let log = Array(try folder.bytes(of: "a/log-0"))
    try folder.write(log + Array(repeating: 0, count: 4096), to: "a/log-0")
    #expect(try stateOnDisk("a") == states(after: history).last)
  }

  @Test func `A flipped bit before the last record is damage, and never a shorter history`() throws
  {
    var ends: [Int] = []
    try fill("live") { ends.append(try folder.bytes(of: "live/log-0").count) }
    let log = Array(try folder.bytes(of: "live/log-0"))
    for offset in 0..<ends[ends.count - 2] {
      var damaged = log
      damaged[offset] ^= 0x10
      try folder.copy("live", to: "bad")
      try folder.write(damaged, to: "bad/log-0")
      #expect("bit at \(offset)") { _ = try open("bad") } throws: { error in
        if case .damaged(let file, _, _)? = error as? StoreError {
          return file.hasSuffix("/log-0")
        }
        return false
      }
      #expect(Array(try folder.bytes(of: "bad/log-0")) == damaged, "the evidence is left alone")
    }
  }

  @Test func `Reads and refused requests write nothing`() throws {
    let store = try open()
    #expect(store.handle(create("one"), now: start).status == 200)
    let before = try folder.files(in: "a")
    for request in [
      get("/collections"), get("/collections/one"), get("/"), get("/nowhere"), create("one"),
      SimulatedRequest(method: "PUT", target: "/collections/bad", body: Array("{".utf8)),
    ] { _ = store.handle(request, now: start + 1) }
    #expect(try folder.files(in: "a") == before)
  }

  @Test func `Checkpoints shorten the log and keep the state`() throws {
    let store = try open(checkpointBytes: 1)
    for index in 0..<60 {
      #expect(store.handle(create("c\(index)"), now: start + Double(index)).status == 200)
    }
    let logs = try folder.files(in: "a").keys.filter { $0.hasPrefix("log-") }
    #expect(logs.count == 1)
    #expect(logs != ["log-0"])
    let before = try names(store.handle(get("/collections"), now: start + 100))
    #expect(before.count == 60)
    try store.close()
    let again = try open()
    #expect(try names(again.handle(get("/collections"), now: start + 101)) == before)
  }

  @Test func `A crash at any step of a checkpoint leaves the old state or the new one`() throws {
    try fill("a")
    let expected = states(after: history).last
    let old = try folder.files(in: "a")
    try open("a").close()
    let new = try folder.files(in: "a")
    let newLog = try #require(new.keys.first { $0.hasPrefix("log-") })
    #expect(newLog != "log-0")
    let checkpoint = try #require(new["checkpoint.json"])
    // The order of the steps: the new log, the temporary checkpoint, its rename, the old log's end.
    var stages: [[String: [UInt8]]] = [old]
    stages.append(old.merging([newLog: []]) { $1 })
    stages.append(old.merging([newLog: new[newLog] ?? []]) { $1 })
    for length in [0, 1, checkpoint.count / 2, checkpoint.count] {
      stages.append(
        stages[2].merging(["checkpoint.json.tmp": Array(checkpoint.prefix(length))]) { $1 })
    }
    stages.append(stages[2].merging(["checkpoint.json": checkpoint]) { $1 })
    stages.append(new)
    for (index, stage) in stages.enumerated() {
      let name = "stage\(index)"
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: true)
      for (file, bytes) in stage { try folder.write(bytes, to: name + "/" + file) }
      #expect(try stateOnDisk(name) == expected, "stage \(index)")
    }
  }

  @Test func `One store at a time has a folder`() throws {
    let store = try open()
    #expect(throws: StoreError.locked(folder: folder.path + "/a")) { try open() }
    try store.close()
    try open().close()
  }

  @Test func `A folder with something else in it is left alone`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/home", withIntermediateDirectories: true)
    try folder.write("x".utf8, to: "home/letter.txt")
    #expect(throws: StoreError.foreign(folder: folder.path + "/home", entry: "letter.txt")) {
      try open("home")
    }
    #expect(try folder.files(in: "home").keys.sorted() == ["letter.txt"])
    try folder.write("x".utf8, to: "file")
    #expect(throws: StoreError.self) { try open("file") }
    #expect(throws: StoreError.self) { try open("file/below") }
  }

  @Test(arguments: [
    ("", "text ends"), ("[]", "no state of a simulated"), ("{\"made_by\":\"x\"}", "no state"),
    ("{\"made_by\":\"qdrant-sandbox\",\"format\":2}", "format 2"),
    ("{\"made_by\":\"qdrant-sandbox\",\"format\":1}", "a member is missing"),
    (
      "{\"made_by\":\"qdrant-sandbox\",\"format\":1,\"version\":\"1.17.1\",\"generation\":0,"
        + "\"environment\":{},\"state\":{}}", "server 1.17.1, not 1.18.3"
    ),
    (
      "{\"made_by\":\"qdrant-sandbox\",\"format\":1,\"version\":\"1.18.3\",\"generation\":7,"
        + "\"environment\":{},\"state\":[]}", "malformed"
    ),
  ])
  func `A damaged or foreign checkpoint is named`(text: String, part: String) throws {
    try open().close()
    try folder.write(text.utf8, to: "a/checkpoint.json")
    do throws(StoreError) {
      _ = try open()
      Issue.record("opened")
    } catch {
      #expect(error.message.contains(part), "\(error.message)")
    }
    #expect(String(decoding: try folder.bytes(of: "a/checkpoint.json"), as: UTF8.self) == text)
  }

  @Test(arguments: ["log-0", "checkpoint.json"])
  func `A missing file is damage, and nothing is written over`(name: String) throws {
    try fill("a")
    try FileManager.default.removeItem(atPath: folder.path + "/a/" + name)
    let rest = try folder.files(in: "a")
    #expect {
      _ = try open()
    } throws: { error in
      (error as? StoreError)?.message.contains("missing") == true
    }
    #expect(try folder.files(in: "a") == rest)
  }

  @Test func `No secret reaches the folder, and a new key does not lose what an old one wrote`()
    throws
  {
    let canary = "hunter2-canary"
    let store = try open(environment: [
      "QDRANT__SERVICE__API_KEY": canary, "QDRANT__LOG_LEVEL": "INFO",
      "QDRANT__STORAGE__SNAPSHOTS_CONFIG__S3_CONFIG__SECRET_KEY": canary,
    ])
    var request = create("one")
    request.headers += [("api-key", canary), ("authorization", "Bearer \(canary)")]
    #expect(store.handle(request, now: start).status == 200)
    let text = try folder.files(in: "a").values.map { String(decoding: $0, as: UTF8.self) }
    #expect(text.contains { $0.contains("/collections/one") })
    #expect(!text.contains { $0.contains(canary) })
    #expect(text.contains { $0.contains("QDRANT__LOG_LEVEL") })
    try folder.copy("a", to: "b")
    let other = try open("b", environment: ["QDRANT__SERVICE__API_KEY": "another"])
    var list = get("/collections")
    list.headers = [("api-key", "another")]
    #expect(try names(other.handle(list, now: start + 1)) == ["one"])
  }

  @Test func `Settings that differ at the next start do not change what was done under the old`()
    throws
  {
    let variable = "QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR"
    try {
      let store = try open(environment: [variable: "2"])
      #expect(store.handle(create("one"), now: start).status == 200)
    }()
    func factor(_ store: SimulatedStore, _ name: String) throws -> Int? {
      let answer = store.handle(get("/collections/\(name)"), now: start + 5)
      let document = try JSONParser.parse(answer.body)
      return document[path: ["result", "config", "params", "replication_factor"]]?.integer
    }
    try {
      let store = try open(environment: [variable: "3"])
      #expect(try factor(store, "one") == 2)
      #expect(store.handle(create("two"), now: start + 1).status == 200)
    }()
    let store = try open()
    #expect(try factor(store, "one") == 2)
    #expect(try factor(store, "two") == 3)
  }

  @Test func `A closed store answers an error and writes nothing`() throws {
    let store = try open()
    #expect(store.handle(create("one"), now: start).status == 200)
    try store.close()
    try store.close()
    let before = try folder.files(in: "a")
    #expect(store.handle(create("two"), now: start).status == 500)
    #expect(store.handle(get("/collections"), now: start).status == 500)
    #expect(try folder.files(in: "a") == before)
  }

  @Test func `Many threads at once lose nothing`() async throws {
    let store = try open(checkpointBytes: 20_000)
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for index in 0..<25 {
            _ = store.handle(create("w\(worker)-\(index)"), now: start)
          }
        }
      }
    }
    let before = try names(store.handle(get("/collections"), now: start))
    #expect(before.count == 200)
    try folder.copy("a", to: "b")
    let again = try open("b")
    #expect(try names(again.handle(get("/collections"), now: start)) == before)
  }
}
