// What the simulated server can bear: starts, reads, points and memory, as figures.
//
// usage: sandbox-benchmark SANDBOX [SECONDS] [POINTS]

import Foundation
import TestSupport

let clock = ContinuousClock()
let arguments = CommandLine.arguments
let binary = arguments.count > 1 ? arguments[1] : "qdrant-sandbox"
let seconds = arguments.count > 2 ? Double(arguments[2]) ?? 5 : 5
let points = arguments.count > 3 ? Int(arguments[3]) ?? 100_000 : 100_000
let dimensions = 128

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func milliseconds(_ duration: Duration) -> String {
  String(
    format: "%.1f ms",
    Double(duration.components.attoseconds) / 1e15
      + Double(duration.components.seconds) * 1_000)
}

func median(_ durations: [Duration]) -> Duration { durations.sorted()[durations.count / 2] }

/// Starts of a fresh process, each until it listens.
func startUps() throws {
  let durations = try (0..<11).map { _ in
    let sandbox = try SandboxProcess(binary)
    defer { sandbox.stop() }
    return sandbox.startUp
  }
  say("start-up: \(milliseconds(median(durations))) (median of \(durations.count))")
}

/// Reads of one collection, by two threads with some connections each.
func reads() async throws {
  let sandbox = try SandboxProcess(binary)
  defer { sandbox.stop() }
  let port = sandbox.port
  let body = #"{"vectors":{"size":4,"distance":"Dot"}}"#
  try Connection(port: port).exchange(Connection.request("PUT", "/collections/x", body))
  let limit = Duration.seconds(seconds)
  let count = try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<2 {
      group.addTask {
        let connections = try (0..<8).map { _ in try Connection(port: port) }
        let request = Connection.request("GET", "/collections/x")
        let begun = ContinuousClock().now
        var count = 0
        while ContinuousClock().now - begun < limit {
          for connection in connections { try connection.send(request) }
          for connection in connections { _ = try connection.receive() }
          count += connections.count
        }
        return count
      }
    }
    return try await group.reduce(0, +)
  }
  say("GET /collections/x: \(Int(Double(count) / seconds)) a second, 16 connections")
}

/// Points written in batches of a thousand, then looked for exactly.
func search() throws {
  let sandbox = try SandboxProcess(binary)
  defer { sandbox.stop() }
  let connection = try Connection(port: sandbox.port)
  let vectors = #"{"vectors":{"size":\#(dimensions),"distance":"Cosine"}}"#
  try connection.exchange(Connection.request("PUT", "/collections/p", vectors))
  var random = SeededRandom(1)
  func vector() -> String {
    let numbers = (0..<dimensions).map { _ in
      String(Double(Int.random(in: -10_000...10_000, using: &random)) / 10_000)
    }
    return "[" + numbers.joined(separator: ",") + "]"
  }
  var spent = Duration.zero
  for start in stride(from: 0, to: points, by: 1_000) {
    let batch = (start..<min(points, start + 1_000)).map {
      #"{"id":\#($0),"vector":\#(vector()),"payload":{"n":\#($0 % 100)}}"#
    }.joined(separator: ",")
    let request = Connection.request(
      "PUT", "/collections/p/points?wait=true", #"{"points":[\#(batch)]}"#)
    let begun = clock.now
    try connection.exchange(request)
    spent += clock.now - begun
  }
  say("upsert of \(points) points of \(dimensions) dimensions: \(spent)")
  let durations = try (0..<11).map { _ in
    let body = #"{"query":\#(vector()),"limit":10,"params":{"exact":true}}"#
    let request = Connection.request("POST", "/collections/p/points/query", body)
    let begun = clock.now
    try connection.exchange(request)
    return clock.now - begun
  }
  say("exact query over them: \(milliseconds(median(durations))) (median of \(durations.count))")
  say("memory with them: \(sandbox.memory / 1024) MiB")
}

/// What an empty collection holds in memory.
func collections() throws {
  let sandbox = try SandboxProcess(binary)
  defer { sandbox.stop() }
  let connection = try Connection(port: sandbox.port)
  let count = 5_000
  func make(_ name: String) throws {
    let body = #"{"vectors":{"size":768,"distance":"Cosine"}}"#
    try connection.exchange(Connection.request("PUT", "/collections/\(name)", body))
  }
  for number in 0..<200 { try make("first-\(number)") }
  let before = sandbox.memory
  for number in 0..<count { try make("c-\(number)") }
  let each = Double(sandbox.memory - before) / Double(count)
  say(String(format: "memory of an empty collection: %.1f KiB", each))
}

do {
  try startUps()
  try await reads()
  try search()
  try collections()
} catch {
  say("the benchmark broke: \(error)")
  exit(1)
}
