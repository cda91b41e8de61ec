import Diagnostics
import Manifests
import ResourceModel
import Testing

/// The keys that the reference lists beside the rows are those that decoders read.
@Suite struct KeyRowTests {
  private static let collection = "kind: Collection\nname: a\nvectors: {}\n"
  private static let hierarchy = "kind: Hierarchy\nname: h\n"
  private static let levels = hierarchy + "levels: [{name: e, place: name, values: [x]}]\n"

  /// A part of the reference, and where a key of it stands, as `%`.
  private static let places: [(rows: [FieldSpec], text: String)] = [
    (LocalKinds.collectionKeys, "kind: Collection\n%\n"),
    (LocalKinds.aliasKeys, collection + "aliases: [{%}]\n"),
    (LocalKinds.shardKeyKeys, collection + "shard_keys: [{%}]\n"),
    (LocalKinds.classKeys.dropLast(), "kind: Class\n%\n"),
    (LocalKinds.hierarchyKeys, "kind: Hierarchy\n%\n"),
    (LocalKinds.levelKeys, hierarchy + "levels: [{%}]\n"),
    (LocalKinds.moveKeys, levels + "names: {collection: '{e}'}\nmoved: [{%}]\n"),
    (
      LocalKinds.overlayKeys.dropLast(), "kind: Environment\nname: e\noverlays: [{set: {}, %}]\n"
    ),
    (
      LocalKinds.overlayKeys.suffix(1),
      "kind: Environment\nname: e\noverlays: [{match: {name: a}, %}]\n"
    ),
    (LocalKinds.waiverKeys, "kind: Policy\nname: p\nwaivers: [{%}]\n"),
  ]

  /// `match.labels.*` as `match: {labels: {n: x}}`, perhaps with a slip in its last key.
  private func entry(_ path: String, slip: String = "") -> String {
    var keys = path.split(separator: ".").map(String.init)
    let named = keys.last == "*"
    if named { keys.removeLast() }
    let inner = named ? "{n: x}" : "x"
    let last = (keys.popLast() ?? "") + slip + ": " + inner
    return keys.reversed().reduce(last) { "\($1): {\($0)}" }
  }

  private func unknown(_ text: String) -> Bool {
    load(text).diagnostics.contains { ["M101", "M108"].contains($0.code) }
  }

  @Test(arguments: places.indices)
  func `Each is read in its place, and a like one is not`(index: Int) {
    let place = KeyRowTests.places[index]
    #expect(!place.rows.isEmpty)
    for row in place.rows {
      let path = row.path.description
      #expect(!unknown(place.text.replacing("%", with: entry(path))), "\(path)")
      #expect(unknown(place.text.replacing("%", with: entry(path, slip: "qq"))), "\(path)")
    }
  }
}
