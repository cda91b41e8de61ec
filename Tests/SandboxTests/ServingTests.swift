import Foundation
import Glibc
import Sandbox
import SimulatedQdrant
import Testing

@Suite struct ServingTests {
  @Test func `Requests on one connection are answered one after the other`() throws {
    let sandbox = try LocalSandbox()
    let client = try sandbox.connect()
    #expect(client.exchange("PUT", "/collections/a", body: collection)?.status == 200)
    #expect(client.exchange("PUT", "/collections/a", body: collection)?.status == 409)
    let answer = try #require(client.exchange("GET", "/collections/a"))
    #expect(answer.status == 200)
    #expect(answer.head.lowercased().contains("content-type: application/json"))
    #expect(answer.body.contains("\"size\":4"))
    #expect(client.exchange("DELETE", "/collections/a")?.status == 200)
    #expect(client.exchange("GET", "/collections/a")?.status == 404)
  }

  @Test func `Unknown routes and methods are an empty 404`() throws {
    let client = try LocalSandbox()
    let connection = try client.connect()
    for (method, target) in [("GET", "/nowhere"), ("POST", "/healthz"), ("BREW", "/collections")] {
      let answer = try #require(connection.exchange(method, target))
      #expect(answer.status == 404, "\(method)")
      #expect(answer.body.isEmpty)
      #expect(!answer.head.lowercased().contains("content-type"))
    }
  }

  @Test func `The target reaches the server as it was sent`() throws {
    let sandbox = try LocalSandbox()
    let client = try sandbox.connect()
    #expect(
      client.exchange("PUT", "/collections/a%20b%C3%A9?timeout=7", body: collection)?.status == 200)
    #expect(sandbox.has("a%20b%C3%A9"))
    #expect(client.exchange("GET", "/collections/a%2Fb")?.status != 200)
  }

  @Test(arguments: [1, 2, 7, 100_000])
  func `A body may come in pieces of any size, and chunked`(size: Int) throws {
    let sandbox = try LocalSandbox()
    let client = try sandbox.connect()
    let text = Array(requestText("PUT", "/collections/a", body: collection).utf8)
    for at in stride(from: 0, to: text.count, by: size) {
      client.send(text[at..<min(text.count, at + size)])
    }
    #expect(client.readAnswer()?.status == 200)
    client.send("PUT /collections/b HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
    let body = Array(collection.utf8)
    for at in stride(from: 0, to: body.count, by: size) {
      let piece = body[at..<min(body.count, at + size)]
      client.send("\(String(piece.count, radix: 16))\r\n")
      client.send(piece)
      client.send("\r\n")
    }
    client.send("0\r\n\r\n")
    #expect(client.readAnswer()?.status == 200)
    #expect(sandbox.has("a") && sandbox.has("b"))
  }

  @Test(arguments: ServerLine.allCases)
  func `A sandbox answers as the release that it was asked for`(line: ServerLine) throws {
    let sandbox = try LocalSandbox(
      environment: ["QDRANT__SERVICE__MAX_REQUEST_SIZE_MB": "1"], bodyLimit: 1 << 20,
      version: line)
    let client = try sandbox.connect()
    let root = try #require(client.exchange("GET", "/"))
    #expect(root.body.contains("\"version\":\"\(line.rawValue)\""))
    #expect(client.exchange("PUT", "/collections/c", body: collection)?.status == 200)
    let isNamed = client.exchange(
      "PUT", "/collections/c/vectors/v", body: "{\"dense\":{\"size\":2,\"distance\":\"Dot\"}}")
    #expect(isNamed?.status == (line < .v1_18_3 ? 404 : 200))
    let body = "{\"metadata\":{\"a\":\"\(String(repeating: "x", count: 1 << 20))\"}}"
    let refused = try #require(client.exchange("PUT", "/collections/big", body: body))
    #expect(refused.body.contains("Payload error: ") == (line < .v1_18_3))
  }

  @Test func `A release that panics over a request closes the connection`() throws {
    let wrong = "{\"size\":65537,\"distance\":\"Dot\"}"
    let body = "{\"vectors\":{\"a\":\(wrong),\"b\":\(wrong)}}"
    let sandbox = try LocalSandbox(version: .v1_17_1)
    #expect(try sandbox.connect().exchange("PUT", "/collections/c", body: body) == nil)
    #expect(try sandbox.connect().exchange("GET", "/collections/c")?.status == 404)
    let newer = try LocalSandbox(version: .v1_18_3)
    #expect(try newer.connect().exchange("PUT", "/collections/c", body: body)?.status == 422)
  }

  @Test(arguments: [1500, 5000])
  func `A body over the limit is answered 400 as recorded and changes nothing`(count: Int) throws {
    let sandbox = try LocalSandbox(
      environment: ["QDRANT__SERVICE__MAX_REQUEST_SIZE_MB": "1"], bodyLimit: 1 << 20)
    let client = try sandbox.connect()
    let padding = String(repeating: "x", count: count * 1024)
    let body = "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"},\"metadata\":{\"a\":\"\(padding)\"}}"
    let answer = try #require(client.exchange("PUT", "/collections/big", body: body))
    #expect(answer.status == 400)
    let expected =
      "JSON payload (\(body.utf8.count) bytes) is larger than allowed (limit: 1048576 bytes)."
    #expect(answer.body.contains(expected), "\(answer.body)")
    #expect(!sandbox.has("big"))
    #expect(client.exchange("PUT", "/collections/fits", body: collection)?.status == 200)
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}", "GET / HTTP/9.9\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999999\r\n\r\n",
    "GET /\u{fffd}\u{1f600} HTTP/1.1\r\nhost: x\r\nx: \u{7f}\u{80}\r\n\r\n",
    "PUT /collections/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
  ])
  func `Bytes that are no proper request end nothing but their connection`(text: String) throws {
    let sandbox = try LocalSandbox()
    let client = try sandbox.connect()
    client.send(text)
    _ = client.readAll(idle: 0.1)
    #expect(try sandbox.connect().exchange("GET", "/collections")?.status == 200)
  }

  @Test func `Hostile header values and invalid UTF-8 do not trap`() throws {
    let sandbox = try LocalSandbox()
    let client = try sandbox.connect()
    client.send(Array("GET /collections/".utf8) + [0xFF, 0xC3, 0x28] + Array(" HTTP/1.1\r\n".utf8))
    client.send(Array("host: x\r\napi-key: ".utf8) + [0xFF, 0xFE, 0x80] + Array("\r\n\r\n".utf8))
    #expect(client.readAnswer() != nil)
    let long = String(repeating: "y", count: 60_000)
    let answer = try sandbox.connect().exchange("GET", "/collections", headers: "x: \(long)\r\n")
    #expect(answer?.status == 200)
  }

  @Test func `Random bytes do not end the server`() throws {
    let sandbox = try LocalSandbox()
    var state: UInt64 = 20_261_125
    for _ in 0..<200 {
      let bytes: [UInt8] = (0..<64).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      let client = try sandbox.connect()
      client.send(state & 4096 == 0 ? bytes : Array("GET /".utf8) + bytes + [13, 10, 13, 10])
    }
    #expect(try sandbox.connect().exchange("GET", "/collections")?.status == 200)
  }

  @Test func `An idle connection is closed, and a busy one is not`() throws {
    let sandbox = try LocalSandbox(idleSeconds: 1)
    let client = try sandbox.connect()
    for _ in 0..<4 {
      #expect(client.exchange("GET", "/collections")?.status == 200)
      usleep(400_000)
    }
    let began = Date()
    let (text, end) = client.readAll(idle: 4)
    #expect(text.isEmpty)
    #expect(end == .closed)
    #expect(Date().timeIntervalSince(began) < 3)
  }

  @Test func `Many connections at once are answered`() throws {
    let sandbox = try LocalSandbox()
    let clients = try (0..<100).map { _ in try sandbox.connect() }
    for (index, client) in clients.enumerated() {
      client.send(requestText("PUT", "/collections/c\(index)", body: collection))
    }
    for client in clients { #expect(client.readAnswer()?.status == 200) }
    #expect(try listed(sandbox.connect()).count == 100)
  }

  /// Without faults the connections share two threads, with any each has one of its own.
  @Test(arguments: [[], [FaultRule(FaultMatcher(path: "/never"), .refuse)]])
  func `A thousand idle connections leave room for one more, and end when it stops`(
    rules: [FaultRule]
  ) throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    try #require(limit.rlim_cur >= 2500, "the test needs 2,500 descriptors")
    let sandbox = try LocalSandbox(rules, idleSeconds: 60)
    let idle = try (0..<1000).map { _ in try sandbox.connect() }
    #expect(try sandbox.connect().exchange("GET", "/collections")?.status == 200)
    for client in idle.prefix(3) { #expect(client.exchange("GET", "/")?.status == 200) }
    sandbox.server.stop()
    for client in idle { #expect(client.readAll().end != .open) }
  }

  @Test(arguments: [[], [FaultRule(FaultMatcher(path: "/never"), .refuse)]])
  func `A head that is too long is answered 431 or closed, and nothing else ends`(
    rules: [FaultRule]
  ) throws {
    let sandbox = try LocalSandbox(rules)
    let client = try sandbox.connect()
    client.send("GET / HTTP/1.1\r\nx: " + String(repeating: "y", count: 1 << 20) + "\r\n\r\n")
    let (text, end) = client.readAll()
    #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 431"), "\(text)")
    #expect(end != .open)
    #expect(try sandbox.connect().exchange("GET", "/collections")?.status == 200)
  }

  @Test func `Clients that send byte by byte keep nobody waiting`() throws {
    let sandbox = try LocalSandbox()
    let slow = try (0..<8).map { _ in try sandbox.connect() }
    for byte in "PUT /collections/s HT".utf8.prefix(3) {
      for client in slow { client.send([byte]) }
      // They never come to an end, so that whoever had to wait for them would get no answer.
      #expect(try sandbox.connect().exchange("GET", "/collections")?.status == 200)
    }
  }

  @Test func `Stopping ends open connections at once`() throws {
    let sandbox = try LocalSandbox([
      FaultRule(FaultMatcher(path: "/collections"), .blackhole(applied: false))
    ])
    let idle = try sandbox.connect()
    #expect(idle.exchange("GET", "/")?.status == 200)
    let stalled = try sandbox.connect()
    stalled.send(requestText("GET", "/collections"))
    #expect(stalled.readAll(idle: 0.2).end == .open)
    let began = Date()
    sandbox.server.stop()
    #expect(Date().timeIntervalSince(began) < 2)
    #expect(idle.readAll().end != .open)
    #expect(stalled.readAll().end != .open)
    #expect(SocketClient(port: sandbox.server.port) == nil)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")))
  func `Curl gets what the socket gets`() throws {
    let sandbox = try LocalSandbox()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    process.arguments = [
      "-s", "-S", "-o", "-", "-w", "%{http_code} %{content_type}\\n", "-X", "PUT", "-d", collection,
      "http://127.0.0.1:\(sandbox.server.port)/collections/a", "--next", "-s", "-I",
      "http://127.0.0.1:\(sandbox.server.port)/",
    ]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"status\":\"ok\""), "\(text)")
    #expect(text.contains("200 application/json\n"), "\(text)")
    #expect(text.contains("HTTP/1.1 404"), "HEAD is an empty 404: \(text)")
    #expect(sandbox.has("a"))
  }
}
