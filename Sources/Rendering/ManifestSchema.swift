package import JSON
package import ResourceModel

/// The JSON Schema of manifests, made of the rows, for editors.
package enum ManifestSchema {
  /// One schema for every kind of document; the kinds beside `Collection` give their own rows.
  package static func document(
    _ schema: ResourceSchema, lifecycle: [FieldSpec], others: [String: [FieldSpec]]
  ) -> JSONValue {
    let life = object(RowTree(rows: lifecycle), lifecycle)
    let whole = collection(schema, life)
    var kinds: [(String, JSONValue)] = [("Collection", whole), ("Class", part(whole))]
    for (name, rows) in others.sorted(by: { $0.key.precedes($1.key) }) {
      var body = object(RowTree(rows: rows), rows)
      // Its leaves are collections, which the classes are for.
      if name == "Hierarchy", var whole = body.object {
        whole.withObject(at: "properties") { $0["class"] = classes }
        body = .object(whole)
      }
      kinds.append((name, body))
    }
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Manifests of qdrant-reconciler",
      "type": "object",
      "required": ["kind", "name"],
      "properties": ["kind": ["enum": .array(kinds.map { .string($0.0) })]],
      "$defs": [
        "variable": [
          "description": "A variable of the environment in the place of a value.",
          "type": "string", "pattern": "^\\$\\{[^}]+\\}$",
        ]
      ],
      "allOf": .array(
        kinds.map { name, body in
          [
            "if": ["properties": ["kind": ["const": .string(name)]]],
            "then": withHead(body),
          ]
        }),
    ]
  }

  private static let classes: JSONValue = [
    "description": "The classes that it builds on, the later over the earlier.",
    "anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]],
  ]

  /// A kind's schema with the keys that every document has.
  private static func withHead(_ body: JSONValue) -> JSONValue {
    guard var object = body.object else { return body }
    object.withObject(at: "properties") { properties in
      properties["kind"] = ["type": "string"]
      properties["name"] = ["type": "string", "minLength": 1]
    }
    return .object(object)
  }

  /// A class is a part of a collection, so that it need not say everything.
  private static func part(_ schema: JSONValue) -> JSONValue {
    switch schema {
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { $0.key != "required" || $0.value.array == nil }.map {
            JSONObject.Member(key: $0.key, value: part($0.value))
          }))
    case .array(let items): .array(items.map(part))
    default: schema
    }
  }

  private static func collection(_ schema: ResourceSchema, _ lifecycle: JSONValue) -> JSONValue {
    guard let kind = schema.kinds[.collection],
      var body = object(schema.tree(.collection), kind.rows).object
    else { return [:] }
    body.withObject(at: "properties") { properties in
      properties["cluster"] = [
        "description": "The cluster, a list of clusters, or a label selector.",
        "type": ["string", "array", "object"],
      ]
      properties["class"] = classes
      properties["labels"] = [
        "description": "What overlays may match beside the labels of the cluster.",
        "type": "object", "additionalProperties": ["type": "string"],
      ]
      properties["lifecycle"] = lifecycle
      for child in kind.children {
        properties[child.key] = self.child(child, schema)
      }
      for element in kind.elements {
        guard let key = element.container.fixedPath?.segments.first?.string else { continue }
        properties[key] = self.element(element, properties[key] ?? [:])
      }
    }
    return .object(body)
  }

  /// A named part may be asked to go, and the unnamed one stands without a name.
  private static func element(_ element: ElementSpec, _ named: JSONValue) -> JSONValue {
    guard let part = named["additionalProperties"] else { return named }
    let map: JSONValue = [
      "type": "object", "additionalProperties": ["anyOf": [part, ["const": "absent"]]],
    ]
    return element.anonymousKeys.isEmpty ? map : ["anyOf": [part, map]]
  }

  private static func child(_ child: ChildSpec, _ schema: ResourceSchema) -> JSONValue {
    let rows = schema.kinds[child.kind]?.rows ?? []
    var body = object(schema.tree(child.kind), rows).object ?? [:]
    switch child.form {
    case .map(let shortField):
      let short = body["properties"]?[shortField] ?? ["type": "string"]
      return [
        "type": "object", "additionalProperties": ["anyOf": [short, .object(body)]],
      ]
    case .list(let nameField):
      body.withObject(at: "properties") { properties in
        properties[nameField] = ["type": ["string", "integer"]]
        properties["state"] = ["enum": ["present", "absent"]]
      }
      return [
        "type": "array", "items": ["anyOf": [["type": ["string", "integer"]], .object(body)]],
      ]
    }
  }

  /// The keys below a node of the row tree.
  private static func object(_ node: RowTree, _ rows: [FieldSpec]) -> JSONValue {
    var schema: JSONObject = ["type": "object"]
    var properties = JSONObject()
    var required: [JSONValue] = []
    for (key, next) in node.keys.sorted(by: { $0.key.precedes($1.key) }) {
      properties[key] = value(next, rows)
      if let row = next.row, rows[row].presence == .required { required.append(.string(key)) }
    }
    if !node.keys.isEmpty {
      schema["properties"] = .object(properties)
      if !required.isEmpty { schema["required"] = .array(required) }
    }
    if let named = node.anyName {
      schema["additionalProperties"] = value(named, rows)
    } else {
      schema["additionalProperties"] = false
    }
    return .object(schema)
  }

  private static func value(_ node: RowTree, _ rows: [FieldSpec]) -> JSONValue {
    let hasKeys = !node.keys.isEmpty || node.anyName != nil
    guard let index = node.row else { return object(node, rows) }
    let row = rows[index]
    guard hasKeys || row.type == .object else {
      return described(orVariable(row.type), row)
    }
    let body = object(node, rows)
    if row.type == .object { return described(body, row) }
    return described(["anyOf": [type(row.type), body]], row)
  }

  /// What is no text may be said by a variable, which an editor sees as text.
  private static func orVariable(_ type: ValueType) -> JSONValue {
    switch type {
    case .text, .textOrInteger, .any, .object, .list: self.type(type)
    case .bool, .integer, .number, .oneOf, .integerOr, .word, .duration:
      ["anyOf": [self.type(type), ["$ref": "#/$defs/variable"]]]
    }
  }

  private static func described(_ schema: JSONValue, _ row: FieldSpec) -> JSONValue {
    guard var object = schema.object else { return schema }
    object["description"] = .string(row.summary)
    if row.deprecated != nil { object["deprecated"] = true }
    return .object(object)
  }

  private static func type(_ type: ValueType) -> JSONValue {
    switch type {
    case .bool: return ["type": "boolean"]
    case .integer(let range): return integer(range)
    case .number(let range):
      var schema: JSONObject = ["type": "number"]
      if range.lowerBound.isFinite { schema["minimum"] = .double(range.lowerBound) }
      if range.upperBound.isFinite { schema["maximum"] = .double(range.upperBound) }
      return .object(schema)
    case .text: return ["type": "string"]
    case .oneOf(let words, let synonyms):
      let all = words + synonyms.keys.sorted { $0.precedes($1) }
      return ["enum": .array(all.map { .string($0) })]
    case .integerOr(let word, let range):
      return ["anyOf": [integer(range), ["const": .string(word)]]]
    case .word(let word): return ["const": .string(word)]
    case .object: return ["type": "object"]
    case .list(let element): return ["type": "array", "items": self.type(element)]
    case .textOrInteger: return ["type": ["string", "integer"]]
    case .duration: return ["type": "string", "pattern": "^[0-9]+(s|m|h|d)$"]
    case .any: return [:]
    }
  }

  private static func integer(_ range: ClosedRange<UInt64>) -> JSONValue {
    var schema: JSONObject = [
      "type": "integer", "minimum": .integer(Int(clamping: range.lowerBound)),
    ]
    if range.upperBound < UInt64(Int.max) {
      schema["maximum"] = .integer(Int(clamping: range.upperBound))
    }
    return .object(schema)
  }
}
