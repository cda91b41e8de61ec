import Foundation
import JSON
import SimulatedQdrant

/// A folder of its own for one test, removed at its end; in memory where that can be had, since
/// thousands of opened stores flush thousands of times.
final class TemporaryFolder {
  let path: String

  init() {
    let memory = "/dev/shm/"
    let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    path = base + "store-tests-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The bytes of every file in a folder below this one, by name.
  func files(in name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for entry in try FileManager.default.contentsOfDirectory(atPath: path + "/" + name) {
      files[entry] = Array(try bytes(of: name + "/" + entry))
    }
    return files
  }

  func bytes(of name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
  }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func copy(_ name: String, to other: String) throws {
    try? FileManager.default.removeItem(atPath: path + "/" + other)
    try FileManager.default.copyItem(atPath: path + "/" + name, toPath: path + "/" + other)
  }
}

let start = 1_700_000_000.0

/// `PUT /collections/<name>` with a vector of that size.
func create(_ name: String, size: Int = 4) -> SimulatedRequest {
  SimulatedRequest(
    method: "PUT", target: "/collections/\(name)",
    headers: [("content-type", "application/json")],
    body: Array("{\"vectors\":{\"size\":\(size),\"distance\":\"Dot\"}}".utf8))
}

func patch(_ name: String, m: Int) -> SimulatedRequest {
  SimulatedRequest(
    method: "PATCH", target: "/collections/\(name)",
    headers: [("content-type", "application/json")],
    body: Array(
      "{\"hnsw_config\":{\"m\":\(m)},\"optimizers_config\":{\"max_segment_size\":\(m)}}".utf8))
}

func delete(_ name: String) -> SimulatedRequest {
  SimulatedRequest(method: "DELETE", target: "/collections/\(name)")
}

func get(_ target: String) -> SimulatedRequest {
  SimulatedRequest(method: "GET", target: target)
}

/// The names that a server lists, sorted.
func names(_ response: SimulatedResponse) throws -> [String] {
  let document = try JSONParser.parse(response.body)
  let list = document[path: ["result", "collections"]]?.array ?? []
  return list.compactMap { $0["name"]?.string }.sorted()
}
