import Diagnostics
import Manifests
import Testing

/// The words of messages where a slip is easily made.
@Suite struct WordingTests {
  private static let head = "kind: Collection\nname: a\n"
  private static let vectors = head + "vectors: {size: 2, distance: Dot}\n"

  @Test(arguments: [
    (vectors + "aliases: ['']", "expected an alias of 1 to 255 bytes, found 0", ""),
    (vectors + "aliases: ['a*b']", "the character '*' is not allowed in an alias", ""),
    (vectors + "aliases: [\"a\\u200Bb\"]", "character in an alias", ""),
    (vectors + "shard_number: 99999999999999999999", "of at most 4294967295, found", ""),
    (vectors + "shard_number: 4294967296", "of at most 4294967295, found", ""),
    (vectors + "shard_number: 0", "expected an integer of at least 1, found '0'", ""),
    (
      head + "vectors: {sizes: 4, dist: Cosine}", "found the number '4'",
      "did you mean 'size'? the unnamed vector is written {size: 768, distance: Cosine}"
    ),
    (head + "vectors: {sizes: 4, dist: Cosine}", "found the text 'Cosine'", "'distance'?"),
    (
      vectors + "lifecycle: {revert_window: 5 minutes}",
      "expected a duration such as 30s, 5m or 2h, found '5 minutes'", "30s, 5m, 2h, 7d"
    ),
    (vectors + "payload_indexes: {\"x y\": bool}", "is no path", #"'"x y"'"#),
    (vectors + "vectors_config: {}", "unknown field 'vectors_config'", "write 'vectors'"),
    (vectors + "replicas: 2", "unknown field 'replicas'", "write 'replication_factor'"),
    (vectors + "shards: 2", "unknown field 'shards'", "write 'shard_number'"),
    (vectors + "init_from: b", "unknown field 'init_from'", "Qdrant has removed it"),
    (
      "kind: Cluster\nname: c\nurl: https://a.example\napi_key: {command: pass show x}",
      "expected a list", "[pass, show, x]"
    ),
    (
      "kind: Hierarchy\nname: h\nlevels:\n  - {name: e, place: name, values: [x]}\n"
        + "  - {name: f, place: name, values: [y]}\nnames: {collection: '{f}'}",
      "the level 'e' is not in the template", ""
    ),
  ])
  func `A message says what is wrong and its hint what to write`(
    text: String, message: String, hint: String
  ) {
    let told = load(text + "\n").diagnostics
    #expect(
      told.contains { $0.message.contains(message) && ($0.hint ?? "").contains(hint) },
      "\(told.map { "\($0.message) | \($0.hint ?? "")" })")
  }

  @Test func `What a hint about a payload index says is right`() {
    let text = WordingTests.vectors + "payload_indexes: {'\"x y\"': bool}\n"
    #expect(load(text).diagnostics.isEmpty)
  }

  @Test func `A class that is not there hides nothing else`() {
    let text =
      WordingTests.head + "class: [nope]\nshrad_number: 1\nhnsw_config: {ef_construct: 1}\n"
    #expect(Set(load(text).diagnostics.map(\.code)) == ["M230", "M101", "M104"])
  }
}
