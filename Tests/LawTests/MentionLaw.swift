import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import ResourceModel
import Testing
import Transport

/// What goes over the wire is what the manifests mention.
///
/// The bodies that really left are read, by a mapping of the test's own and not by the rows: a row
/// that sent something else would not be seen otherwise.
@Suite struct MentionLaw {
  @Test(arguments: ConvergenceLaws.slices)
  func `Law 6: no request contains what no manifest mentions`(
    seeds: Range<UInt64>
  ) async throws {
    var seen = 0
    for seed in seeds {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      let bench = Bench()
      for stage in [first, second] {
        bench.transport.forgetExchanges()
        let outcome = await bench.apply(try await bench.plan(stage).steps).outcome
        try #require(outcome == .applied, "seed \(seed): \(outcome)")
        let mentioned = mentions(stage)
        for mutation in bench.transport.mutations {
          for path in paths(of: mutation.request) {
            seen += 1
            try #require(isMentioned(path, mentioned), "seed \(seed): \(mutation.line): \(path)")
          }
        }
      }
    }
    #expect(seen > 1_000)
  }

  /// Every path that is mentioned, the unnamed vector's without its empty name.
  private func mentions(_ collections: [DesiredResource]) -> Set<[String]> {
    var mentions: Set<[String]> = []
    func insert(_ prefix: [String], _ path: FieldPath) {
      mentions.insert(prefix + path.segments.map(\.string).filter { !$0.isEmpty })
    }
    for collection in collections {
      let name = collection.address.collection.string
      for field in collection.fields { insert([name], field.path) }
      for element in collection.elements { insert([name], element.path) }
      for child in collection.children where child.address.kind == .index {
        for field in child.fields {
          insert([name, "index " + child.address.name.string], field.path)
        }
      }
      mentions.formUnion(
        collection.children.filter { $0.address.kind == .alias }
          .map { [name, "alias " + $0.address.name.string] })
    }
    return mentions
  }

  private func isMentioned(_ path: [String], _ mentioned: Set<[String]>) -> Bool {
    if path.dropFirst().starts(with: ["metadata", OwnershipMark.key]) { return true }
    return (1...path.count).contains { mentioned.contains(Array(path.prefix($0))) }
  }

  /// The paths of all values in a body, as a manifest would write them.
  private func paths(of request: HTTPRequest) -> [[String]] {
    guard let bytes = request.body, let body = try? JSONParser.parse(bytes) else { return [] }
    let route = request.target.split(separator: "?")[0].split(separator: "/").map {
      String($0).removingPercentEncodings
    }
    if route.last == "aliases" {
      return (body["actions"]?.array ?? []).compactMap { action in
        guard let link = action["create_alias"], let alias = link["alias_name"]?.string,
          let target = link["collection_name"]?.string
        else { return nil }
        return [target, "alias " + alias]
      }
    }
    let name = route[1]
    if route.last == "index" {
      let field = "index " + (body["field_name"]?.string ?? "")
      let schema = body["field_schema"] ?? .null
      return schema.string != nil ? [[name, field, "type"]] : leaves(schema, [name, field])
    }
    if route.count == 4, route[2] == "vectors" {
      if let dense = body["dense"] { return leaves(dense, [name, "vectors", route[3]]) }
      return leaves(body["sparse"] ?? [:], [name, "sparse_vectors", route[3]])
    }
    return leaves(body, []).map { path in
      [name] + (path.first == "params" ? Array(path.dropFirst()) : path)
    }
  }

  private func leaves(_ value: JSONValue, _ path: [String]) -> [[String]] {
    guard let object = value.object, !object.isEmpty else { return [path] }
    return object.members.flatMap { member in
      leaves(member.value, member.key.isEmpty ? path : path + [member.key])
    }
  }
}

extension String {
  /// The text of a path's segment.
  fileprivate var removingPercentEncodings: String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
