/// The members of a JSON object in the order in which they were written, duplicates included.
///
/// Look-up is linear on purpose: the objects of this domain have a handful of members, and code
/// that walks a large one iterates over `members`.
package struct JSONObject: Sendable, Hashable {
  /// One name with its value.
  package struct Member: Sendable, Hashable {
    package var key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }

    package static func == (left: Member, right: Member) -> Bool {
      left.key.hasSameBytes(as: right.key) && left.value == right.value
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(ExactString(key))
      hasher.combine(value)
    }
  }

  /// All members, in order.
  package var members: [Member]

  package init(_ members: [Member] = []) { self.members = members }

  /// How many members there are, duplicates counted.
  package var count: Int { members.count }

  /// Whether there are none.
  package var isEmpty: Bool { members.isEmpty }

  /// The names in order, duplicates included.
  package var keys: [String] { members.map(\.key) }

  /// The last member of that name; setting replaces it in place, appends, or (nil) removes all.
  package subscript(key: String) -> JSONValue? {
    get { members.last { $0.key.hasSameBytes(as: key) }?.value }
    set {
      guard let newValue else {
        members.removeAll { $0.key.hasSameBytes(as: key) }
        return
      }
      if let index = members.lastIndex(where: { $0.key.hasSameBytes(as: key) }) {
        members[index].value = newValue
      } else {
        members.append(Member(key: key, value: newValue))
      }
    }
  }

  /// The value for a name, put there as an empty object first when it is missing or no object.
  package mutating func withObject(at key: String, _ change: (inout JSONObject) -> Void) {
    var inner = self[key]?.object ?? JSONObject()
    change(&inner)
    self[key] = .object(inner)
  }

  /// Sets a value under a chain of names, making the objects on the way.
  package mutating func set(_ value: JSONValue, at path: some Collection<String>) {
    guard let first = path.first else { return }
    let rest = path.dropFirst()
    if rest.isEmpty {
      self[first] = value
    } else {
      withObject(at: first) { $0.set(value, at: Array(rest)) }
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { Member(key: $0.0, value: $0.1) }
  }
}
