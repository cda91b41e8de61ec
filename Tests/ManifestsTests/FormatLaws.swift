import Diagnostics
import Foundation
import JSON
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

@testable import Manifests

/// Formatting keeps meaning and comments, and once is enough, however untidy a text is.
@Suite struct FormatLaws {
  private static let fields: JSONObject = [
    "vectors": [
      "dense": ["size": 768, "distance": "Cosine", "on_disk": true, "hnsw_config": ["m": 8]],
      "a b": ["size": 8, "distance": "Dot"],
    ],
    "sparse_vectors": ["bm25": ["modifier": "idf"]],
    "hnsw_config": ["m": 24, "ef_construct": 200, "full_scan_threshold": 1000],
    "quantization_config": ["scalar": ["type": "int8", "quantile": 0.99, "always_ram": true]],
    "optimizers_config": ["indexing_threshold": 20000, "max_optimization_threads": "auto"],
    "on_disk_payload": true, "shard_number": 2, "sharding_method": "custom",
    "payload_indexes": [
      "tenant": ["type": "keyword", "is_tenant": true], "price": "float",
      "topics[].name": "keyword",
      "body": ["type": "text", "tokenizer": "word", "lowercase": true],
    ],
    "shard_keys": ["eu", ["key": "us", "placement": [1, 2], "shards_number": 2]],
    "lifecycle": ["unlisted": "keep", "on_delete": "delete", "revert_window": "30m"],
  ]

  private static let words = [
    "a", "yes", "a b", "it's", "#x", "a: b", "", "0x1F", "30m", "https://x.y:1/z", "- a", "é", "1",
    "~", "[", "long " + String(repeating: "word ", count: 20), "tab\t", "two\nlines", "|", "\u{85}",
  ]

  private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 4 : 7), using: &random) {
    case 0: return .integer(Int.random(in: -99...99, using: &random))
    case 1: return .bool(random.chance(0.5))
    case 2: return .null
    case 3: return .string(words.randomElement(using: &random) ?? "")
    case 4:
      return .array(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth - 1) })
    default:
      var object = JSONObject()
      for key in ["k", "on", "a b", "m", "x.y"] where random.chance(0.4) {
        object[key] = value(&random, depth: depth - 1)
      }
      return .object(object)
    }
  }

  private static func document(_ random: inout SeededRandom, _ name: String) -> JSONObject {
    var object: JSONObject = ["kind": "Collection", "name": .string(name)]
    for member in fields.members where member.key == "vectors" || random.chance(0.6) {
      object[member.key] = member.value
    }
    object["aliases"] = [.string(name + "-1"), ["name": .string(name + "-2")]]
    if random.chance(0.3) { object["vectors"] = ["size": 4, "distance": "Dot"] }
    object["shard_keys"] = random.chance(0.5) ? fields["shard_keys"] : nil
    object["sharding_method"] = object["shard_keys"].map { _ in "custom" }
    if random.chance(0.8) {
      object["metadata"] = ["a": value(&random, depth: 3), "b": value(&random, depth: 3)]
    }
    return object
  }

  /// Everything that is asked for, without places.
  private static func essence(_ text: String) -> [String] {
    let cluster = "---\nkind: Cluster\nname: c\nurl: http://127.0.0.1:1\n"
    let loaded = ManifestLoader.load(
      sources: [MemorySource(text + cluster)], schema: QdrantResources.schema)
    guard let state = loaded.state else { return [loaded.report.text()] }
    var lines: [String] = []
    for collection in state.collections {
      lines.append("\(collection.lifecycle.onDelete) \(collection.lifecycle.unlisted)")
      for resource in [collection] + collection.children {
        lines.append("\(resource.address) \(resource.isPresent)")
        for element in resource.elements { lines.append("\(element.path) \(element.isPresent)") }
        for field in resource.fields { lines.append("\(field.path) = \(field.value.text())") }
      }
    }
    return lines
  }

  @Test(arguments: 0..<80 as Range<UInt64>)
  func `Meaning and comments stay, and formatting again changes nothing`(seed: UInt64) throws {
    var random = SeededRandom(seed)
    var strewn = StrewnYAML(random)
    let text = (0..<Int.random(in: 1...3, using: &random)).map { place in
      strewn.document(FormatLaws.document(&random, "c\(place)"))
    }.joined(separator: random.chance(0.5) ? "---\n" : "\n...\n---   # between\n\n")
    let once: String
    do { once = try FormatTests.format(text) } catch {
      Issue.record("seed \(seed): \(error)\n\(text)")
      return
    }
    try #require(try FormatTests.format(once) == once, "seed \(seed):\n\(text)\n\(once)")
    let (before, after) = (FormatLaws.essence(text), FormatLaws.essence(once))
    try #require(before.count > 1, "seed \(seed): \(before)\n\(text)")
    try #require(before == after, "seed \(seed):\n\(text)\n\(once)")
    FormatLaws.check(once, "seed \(seed):\n\(text)\n\(once)")
    let numbers = { (text: String) in text.matches(of: /# [^#\n]*#\d+/).map { $0.output }.sorted() }
    #expect(numbers(text) == numbers(once), "seed \(seed)")
  }

  /// Looks at the lines only: no blank ends, no two blank lines, comments where they belong.
  private static func check(_ text: String, _ note: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "" && lines.dropLast().last != "" && lines.first != "", "\(note)")
    for (place, line) in lines.enumerated() {
      #expect(line.last != " ", "\(note)")
      if line.isEmpty, place + 1 < lines.count { #expect(!lines[place + 1].isEmpty, "\(note)") }
      let bare = line.drop { $0 == " " }
      if let comment = bare.wholeMatch(of: /# above (.*) #\d+/) {
        let next = lines[(place + 1)...].first { line in
          line.first { $0 != " " }.map { $0 != "#" } ?? false
        }
        let owner = (next ?? "").drop { $0 == " " || $0 == "-" }
        #expect(owner.hasPrefix(comment.1 + ":"), "\(line) above \(owner)\n\(note)")
      }
      if let comment = bare.firstMatch(of: /# behind (.*) #\d+$/) {
        let owner = bare.drop { $0 == " " || $0 == "-" }
        #expect(owner.hasPrefix(comment.1 + ":"), "\(line)\n\(note)")
      }
    }
  }

  /// Refused, or written and then canonical; never doubted after it was written.
  private func expectFaithful(_ text: String, _ note: String) throws {
    do {
      let once = try FormatTests.format(text)
      #expect(try FormatTests.format(once) == once, "\(note):\n\(text)")
    } catch {
      if case .unfaithful(let reason) = error { Issue.record("\(note): \(reason)\n\(text)") }
    }
  }

  @Test(arguments: BadInputTests.names)
  func `A bad input is refused, or written faithfully`(name: String) throws {
    let url = BadInputTests.folder.appending(path: name)
    try expectFaithful(String(decoding: try Data(contentsOf: url), as: UTF8.self), name)
  }

  private static let scraps = [
    "#", "# c\n", " # c\n", "\n", "\n\n", "  ", "- ", ": ", "{", "}", "[", "]", ",", "&x ", "*x",
    "'",
    "|\n", ">\n", "\"", "\n# o\n", "\n   # o\n", "---\n", "...\n", "? ", "\t", "~", "\r\n", "%",
    "!",
  ]

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `A text with something thrown in is refused, or written faithfully`(seed: UInt64) throws {
    var random = SeededRandom(seed ^ 0x5C2A)
    var strewn = StrewnYAML(random)
    var text = strewn.document(FormatLaws.document(&random, "c"))
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      let place = text.index(
        text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &random))
      text.insert(contentsOf: FormatLaws.scraps.randomElement(using: &random) ?? "", at: place)
    }
    try expectFaithful(text, "seed \(seed)")
  }

  /// The deepest texts that are accepted, on a stack of 4 MiB; the commands have twice that.
  @Test func `Nesting costs a bounded stack, and a long list little time`() async {
    let head = "kind: Class\nname: a\nmetadata:\n"
    let flow =
      String(repeating: "{a: [", count: 48) + "1 # c\n" + String(repeating: "]}", count: 48)
    let block = (1...96).map { String(repeating: " ", count: $0) + "k: # c\n" }.joined()
    let dashes = String(repeating: "- ", count: 96)
    let list = (1...20_000).map { "  - \($0) # c\n" }.joined()
    let texts = [
      head + "  x: \(flow)\n", head + block, head + "  x:\n    \(dashes)a # c\n",
      head + "  x:\n\(list)",
    ]
    let formatted = await withCheckedContinuation { continuation in
      let thread = Thread {
        continuation.resume(
          returning: texts.map { text in
            guard let once = try? FormatTests.format(text) else { return false }
            return (try? FormatTests.format(once)) == once
          })
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    #expect(formatted == [true, true, true, true])
  }
}
