import ResourceModel

extension FieldSpec.Wire {
  /// A row of a group: it has one name within its part, wherever that part is mounted.
  static func each(_ path: FieldPattern) -> FieldSpec.Wire {
    FieldSpec.Wire(read: path, create: path, update: path)
  }
}

extension FieldSpec {
  /// The key that replaced the flags for disk and memory in 1.19.
  static let useMemory = Deprecation(since: ServerVersion(1, 19), replacement: "memory")
}

/// Words for where a part's data is held, since 1.19.
enum Memory {
  static let any = ValueType.oneOf(["cold", "cached", "pinned"])
  /// Dense vectors and payloads cannot be pinned, whatever the list of words in the OpenAPI says.
  static let unpinned = ValueType.oneOf(["cold", "cached"])
}

extension [FieldSpec] {
  /// The rows of a group at one of its places: below a key of the manifest, which requests share,
  /// and below a path of the answer; `creates` is false where only a named vector's own request
  /// makes it.
  func mounted(at prefix: String, read: String) -> [FieldSpec] {
    map { row in
      var mounted = row
      mounted.path = row.path.mounted(at: prefix)
      mounted.block = row.block?.mounted(at: prefix)
      mounted.wire = row.wire.map { wire in
        FieldSpec.Wire(
          read: wire.read.mounted(at: read), create: wire.create?.mounted(at: prefix),
          update: wire.update?.mounted(at: prefix))
      }
      if case .sameAs(let other) = row.unset { mounted.unset = .sameAs(other.mounted(at: prefix)) }
      return mounted
    }
  }

  /// Rows of a vector's own part that follow the collection's where they are not set.
  ///
  /// Nothing is filled in on a vector, so that "absent" means the collection's value and no fixed
  /// one equals it.
  func inheriting(from group: [FieldSpec]) -> [FieldSpec] {
    zip(self, group).map { own, general in
      var row = own
      row.absentEquals = nil
      row.unset = .sameAs(general.path)
      row.summary = own.summary.dropLast() + "; a vector follows the collection where it is unset."
      return row
    }
  }
}
