import JSON

extension FieldPath {
  /// Takes away what stands at the path.
  func remove(from payload: inout JSONObject) {
    payload = FieldPath.change(.object(payload), steps[...]) { _ in nil }?.object ?? payload
  }

  /// Lays members over the object at the path, which is made where it is missing.
  func merge(_ members: JSONObject, into payload: inout JSONObject) {
    payload =
      FieldPath.change(.object(payload), steps[...]) { present in
        .object((present?.object ?? JSONObject()).merged(with: .object(members)))
      }?.object ?? payload
  }

  /// Copies what stands at the path; only the names along it are kept.
  func copy(from payload: JSONObject, to target: inout JSONObject) {
    guard let found = FieldPath.narrowed(.object(payload), steps[...])?.object else { return }
    for member in found.members {
      guard let present = target[member.key]?.object, let added = member.value.object else {
        target[member.key] = member.value
        continue
      }
      target[member.key] = .object(present.merged(with: .object(added)))
    }
  }

  private static func change(
    _ value: JSONValue?, _ steps: ArraySlice<Step>, _ change: (JSONValue?) -> JSONValue?
  ) -> JSONValue? {
    guard let step = steps.first else { return change(value) }
    let rest = steps.dropFirst()
    switch step {
    case .key(let key):
      var object = value?.object ?? JSONObject()
      let present = object[key.string]
      let changed = FieldPath.change(present, rest, change)
      if present == nil, changed == nil || changed?.object?.isEmpty == true { return value }
      object[key.string] = changed
      return .object(object)
    case .index(let index):
      guard var elements = value?.array, elements.indices.contains(index) else { return value }
      guard let changed = FieldPath.change(elements[index], rest, change) else { return value }
      elements[index] = changed
      return .array(elements)
    case .every:
      guard let elements = value?.array else { return value }
      if rest.isEmpty, change(nil) == nil { return [] }
      return .array(elements.compactMap { FieldPath.change($0, rest, change) })
    }
  }

  private static func narrowed(_ value: JSONValue, _ steps: ArraySlice<Step>) -> JSONValue? {
    guard let step = steps.first else { return value }
    let rest = steps.dropFirst()
    switch step {
    case .key(let key):
      guard let inner = value.object?[key.string], let kept = narrowed(inner, rest) else {
        return nil
      }
      return .object(JSONObject([JSONObject.Member(key: key.string, value: kept)]))
    case .index(let index):
      guard let elements = value.array, elements.indices.contains(index) else { return nil }
      return narrowed(elements[index], rest).map { [$0] }
    case .every:
      return value.array.map { .array($0.compactMap { narrowed($0, rest) }) }
    }
  }
}
