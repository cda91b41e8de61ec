import JSON
import ResourceModel

/// Finds what collections have in common and makes classes of it.
///
/// A document is taken apart into parts that mean the same wherever they stand: a field, a field of
/// a section such as `hnsw_config`, a vector, a payload index. A class is a set of parts that
/// several collections have, all with the same values; so each collection is still exactly what its
/// classes and its own document say, whatever their order. The best class is taken first, by the
/// lines that it saves, until none is worth it.
struct ClassFactoring {
  /// Below so many values a class tells less than it hides.
  private static let fewestValues = 3
  /// Below so many lines saved it is not worth a name.
  private static let fewestLines = 3
  /// More classes in one collection are harder to read than what they replace.
  private static let mostClasses = 3
  /// So many different collections are compared with each other, the commonest ones.
  private static let mostCompared = 64

  /// Classes in the order in which they are worth it.
  private(set) var classes: [JSONObject] = []
  /// The documents, in their order, without what their classes say.
  private(set) var documents: [JSONObject] = []

  private var parts: DocumentParts
  /// Of each document the parts that it still says itself.
  private var rest: [Set<Int>] = []
  /// Of each document its classes.
  private var memberships: [[String]]
  private let originals: [JSONObject]
  private var names: ClassNames

  /// - Parameter prefix: what the classes' names begin with, so that those of two clusters differ.
  init(_ documents: [JSONObject], prefix: String, schema: ResourceSchema) {
    originals = documents
    parts = DocumentParts(schema: schema)
    names = ClassNames(prefix: prefix)
    memberships = Array(repeating: [], count: documents.count)
    for document in documents { rest.append(Set(parts.add(document))) }
    while let best = best() { make(best) }
    let order = KeyOrder(kind: "Collection", schema: schema)
    classes = classes.map { order.sorted($0) }
    self.documents = documents.indices.map { order.sorted(self.document($0)) }
  }

  /// A class that could be made.
  private struct Candidate {
    var parts: [Int]
    var members: [Int]
    var saving: Int

    /// More lines first; then more members; then what stands first.
    func isBetter(than other: Candidate) -> Bool {
      if saving != other.saving { return saving > other.saving }
      if members.count != other.members.count { return members.count > other.members.count }
      return parts.lexicographicallyPrecedes(other.parts)
    }
  }

  private func best() -> Candidate? {
    let open = rest.indices.filter { memberships[$0].count < ClassFactoring.mostClasses }
    let kinds = Dictionary(grouping: open) { rest[$0].sorted() }
    let common = kinds.sorted { left, right in
      left.value.count == right.value.count
        ? left.key.lexicographicallyPrecedes(right.key) : left.value.count > right.value.count
    }.prefix(ClassFactoring.mostCompared).map { Set($0.key) }
    var sets: Set<Set<Int>> = []
    if let first = common.first { sets.insert(common.reduce(first) { $0.intersection($1) }) }
    for (place, left) in common.enumerated() {
      sets.insert(left)
      for right in common[(place + 1)...] { sets.insert(left.intersection(right)) }
    }
    var best: Candidate?
    for set in sets {
      let members = kinds.filter { set.isSubset(of: $0.key) }.flatMap(\.value).sorted()
      guard let candidate = candidate(set, members) else { continue }
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
    }
    return best
  }

  private func candidate(_ set: Set<Int>, _ members: [Int]) -> Candidate? {
    guard members.count > 1 else { return nil }
    let values = set.reduce(0) { $0 + parts.values[$1] }
    guard values >= ClassFactoring.fewestValues else { return nil }
    let lines = set.reduce(0) { $0 + parts.lines[$1] }
    // A class has a kind, a name and a line before it; a collection names it.
    let saving = lines * (members.count - 1) - 3 - 2 * members.count
    guard saving >= ClassFactoring.fewestLines else { return nil }
    return Candidate(parts: set.sorted(), members: members, saving: saving)
  }

  private mutating func make(_ candidate: Candidate) {
    let isBase = candidate.members.count == originals.count
    let members = candidate.members.map { originals[$0]["name"]?.string ?? "" }
    let body = parts.object(candidate.parts)
    let name = names.name(of: body, members: isBase ? [] : members)
    var document: JSONObject = ["kind": "Class", "name": .string(name)]
    for member in body.members { document[member.key] = member.value }
    classes.append(document)
    for member in candidate.members {
      rest[member].subtract(candidate.parts)
      memberships[member].append(name)
    }
  }

  private func document(_ index: Int) -> JSONObject {
    var document = parts.head(originals[index])
    let classes = memberships[index].map { JSONValue.string($0) }
    if classes.count == 1 { document["class"] = classes[0] }
    if classes.count > 1 { document["class"] = .array(classes) }
    for member in parts.object(rest[index].sorted()).members {
      document[member.key] = member.value
    }
    return document
  }
}

/// The parts of documents, each once, by numbers.
private struct DocumentParts {
  private let spec: KindSpec
  private var paths: [[String]] = []
  private var contents: [JSONValue] = []
  /// How many values each says, and on how many lines.
  private(set) var values: [Int] = []
  private(set) var lines: [Int] = []
  private var numbers: [ExactString: Int] = [:]

  /// What is a collection's own, whatever others say.
  private static let own = ["kind", "name", "cluster", "class", "aliases"]

  init(schema: ResourceSchema) {
    spec = schema.kinds[.collection] ?? KindSpec(kind: .collection, rows: [])
  }

  /// The parts of a document that a class could say.
  mutating func add(_ document: JSONObject) -> [Int] {
    var found: [Int] = []
    for member in document.members where !isOwn(member) {
      guard let object = member.value.object, isDivisible(member.key, object) else {
        found.append(add([member.key], member.value))
        continue
      }
      for inner in object.members {
        found.append(add([member.key, inner.key], inner.value))
      }
    }
    return found
  }

  private mutating func add(_ path: [String], _ value: JSONValue) -> Int {
    let id = ExactString(JSONValue.array(path.map { .string($0) } + [value]).text())
    if let number = numbers[id] { return number }
    let number = paths.count
    numbers[id] = number
    paths.append(path)
    contents.append(value)
    values.append(DocumentParts.count(value))
    let text = YAMLWriter.document([path.last ?? "": value])
    lines.append(text.utf8.count { $0 == UInt8(ascii: "\n") })
    return number
  }

  private static func count(_ value: JSONValue) -> Int {
    switch value {
    case .object(let object): object.members.reduce(0) { $0 + count($1.value) }
    case .array(let items): items.reduce(0) { $0 + count($1) }
    default: 1
    }
  }

  /// What stays in its document: also vectors with the names of a vector's fields, which a class
  /// could not tell from the unnamed vector's.
  private func isOwn(_ member: JSONObject.Member) -> Bool {
    if DocumentParts.own.contains(member.key) { return true }
    guard let element = element(member.key), !element.anonymousKeys.isEmpty,
      let object = member.value.object, !isUnnamed(object, element)
    else { return false }
    let fields = Set(spec.rows.compactMap { $0.path.field(of: element) })
    return object.members.contains { fields.contains($0.key) }
  }

  /// Whether a class may say a part of it.
  private func isDivisible(_ key: String, _ object: JSONObject) -> Bool {
    if object.isEmpty || spec.exclusive.contains(FieldPattern(key)) { return false }
    return element(key).map { !isUnnamed(object, $0) } ?? true
  }

  private func element(_ key: String) -> ElementSpec? {
    spec.elements.first { $0.container == FieldPattern(key) }
  }

  private func isUnnamed(_ object: JSONObject, _ element: ElementSpec) -> Bool {
    object.members.contains {
      $0.value.object == nil && element.anonymousKeys.contains($0.key)
    }
  }

  /// What a document says that is no part.
  func head(_ document: JSONObject) -> JSONObject {
    JSONObject(document.members.filter(isOwn))
  }

  /// Parts put together.
  func object(_ parts: [Int]) -> JSONObject {
    var object = JSONObject()
    for part in parts {
      let path = paths[part]
      if path.count == 1 {
        object[path[0]] = contents[part]
      } else {
        var section = object[path[0]]?.object ?? JSONObject()
        section[path[1]] = contents[part]
        object[path[0]] = .object(section)
      }
    }
    return object
  }
}

extension FieldPattern {
  /// The key that follows an element's name: `size` of `vectors.*.size`.
  fileprivate func field(of element: ElementSpec) -> String? {
    guard isWithin(element.container), segments.count > element.container.segments.count + 1,
      case .key(let key) = segments[element.container.segments.count + 1]
    else { return nil }
    return key
  }
}

/// Names for classes: what a person would call them, each once.
private struct ClassNames {
  let prefix: String
  private var taken: Set<String> = []

  init(prefix: String) { self.prefix = prefix }

  /// - Parameter members: the names of its collections; none when it is that of all of them.
  mutating func name(of body: JSONObject, members: [String]) -> String {
    let stem = "\(prefix)-" + (members.isEmpty ? "base" : ClassNames.word(body, members))
    var name = stem
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)-\(number)"
      number += 1
    }
    return name
  }

  /// The beginning that its collections share, or else its vector, or else the first collection.
  private static func word(_ body: JSONObject, _ members: [String]) -> String {
    let words = members.map { member in
      member.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map { $0.lowercased() }
    }
    var shared = words[0]
    for other in words {
      shared = Array(zip(shared, other).prefix { $0 == $1 }.map(\.0))
    }
    if !shared.isEmpty { return shared.joined(separator: "-") }
    if let size = body["vectors"]?["size"]?.text(),
      let distance = body["vectors"]?["distance"]?.string
    {
      return "\(distance.lowercased())-\(size)"
    }
    return words[0].isEmpty ? "common" : "like-" + words[0].joined(separator: "-")
  }
}
