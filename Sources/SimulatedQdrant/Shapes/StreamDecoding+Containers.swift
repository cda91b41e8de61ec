import JSON

extension StreamDecoding {
  /// An object with known fields, or a list of their values in order.
  mutating func structure(_ structure: Structure) throws(WireFailure) -> JSONValue {
    switch try reader.startOfValue() {
    case UInt8(ascii: "{"):
      try reader.enter()
      return try closingObject { decoding throws(WireFailure) in
        try decoding.members(of: structure)
      }
    case UInt8(ascii: "["):
      try reader.enter()
      return try closingList { decoding throws(WireFailure) in
        try decoding.elements(of: structure)
      }
    default: throw mismatch(expecting: "struct \(structure.name)")
    }
  }

  mutating func map(_ inner: Shape, _ naming: MapNaming) throws(WireFailure) -> JSONValue {
    guard try reader.startOfValue() == UInt8(ascii: "{") else {
      throw mismatch(expecting: "a map")
    }
    try reader.enter()
    return try closingObject { decoding throws(WireFailure) in
      try decoding.entries(inner, naming)
    }
  }

  mutating func list(_ inner: Shape) throws(WireFailure) -> JSONValue {
    guard try reader.startOfValue() == UInt8(ascii: "[") else {
      throw mismatch(expecting: "a sequence")
    }
    try reader.enter()
    return try closingList { decoding throws(WireFailure) in
      var elements: [JSONValue] = []
      var starts: [Int] = []
      while try decoding.reader.hasNextElement(isFirst: elements.isEmpty) {
        starts.append(decoding.log.violations.count)
        decoding.log.path.append("")
        elements.append(try decoding.decode(inner))
        decoding.log.path.removeLast()
      }
      decoding.log.nameEntries(starts, naming: .indexed)
      return .array(elements)
    }
  }

  /// Reads to the end of an object even after a failure, as the server does before it says where.
  private mutating func closingObject(
    _ body: (inout StreamDecoding) throws(WireFailure) -> JSONValue
  ) throws(WireFailure) -> JSONValue {
    do throws(WireFailure) {
      let value = try body(&self)
      reader.leave()
      try reader.endOfObject()
      return value
    } catch {
      guard error.position == nil else { throw error }
      do throws(WireFailure) { try reader.endOfObject() } catch {}
      throw reader.placed(error)
    }
  }

  private mutating func closingList(
    _ body: (inout StreamDecoding) throws(WireFailure) -> JSONValue
  ) throws(WireFailure) -> JSONValue {
    do throws(WireFailure) {
      let value = try body(&self)
      reader.leave()
      try reader.endOfList()
      return value
    } catch {
      guard error.position == nil else { throw error }
      do throws(WireFailure) { try reader.endOfList() } catch {}
      throw reader.placed(error)
    }
  }

  private mutating func members(of structure: Structure) throws(WireFailure) -> JSONValue {
    var builder = StructureBuilder(structure, behaviours)
    var isFirst = true
    while try reader.hasNextKey(isFirst: isFirst) {
      isFirst = false
      let key = try reader.string()
      guard let index = builder.index(of: key) else {
        try reader.colon()
        try reader.skipValue()
        continue
      }
      try builder.announce(index)
      try reader.colon()
      log.path.append(builder.fields[index].name)
      builder.values[index] = try decode(builder.fields[index].shape)
      log.path.removeLast()
    }
    return try builder.finish(&log)
  }

  private mutating func elements(of structure: Structure) throws(WireFailure) -> JSONValue {
    var builder = StructureBuilder(structure, behaviours)
    var count = 0
    for (index, field) in builder.fields.enumerated() {
      guard try reader.hasNextElement(isFirst: count == 0) else {
        guard case .defaulted = field.absence else { throw builder.tooShort(index) }
        continue
      }
      count += 1
      log.path.append(field.name)
      builder.values[index] = try decode(field.shape)
      log.path.removeLast()
    }
    return try builder.finish(&log)
  }

  private mutating func entries(
    _ inner: Shape, _ naming: MapNaming
  ) throws(WireFailure) -> JSONValue {
    var entries = SortedEntries()
    var starts: [Int] = []
    if case .flattened = naming { log.path.append("config") }
    while try reader.hasNextKey(isFirst: starts.isEmpty) {
      let key = try reader.string()
      try reader.colon()
      starts.append(log.violations.count)
      log.path.append("")
      entries.add(key, try decode(inner))
      log.path.removeLast()
    }
    log.nameEntries(starts, naming: naming)
    if case .flattened = naming { log.path.removeLast() }
    return entries.value
  }
}
