import Diagnostics
import JSON
import ResourceModel

/// `inline_storage` without quantization, or on a multivector: a server takes and ignores it.
struct InlineStorageNeedsQuantization: Rule {
  let code = "M309"

  func check(_ collection: DesiredResource, schema: ResourceSchema) -> [Diagnostic] {
    let general = collection.field(RulePaths.hnswConfigInlineStorage)
    let isQuantized = collection.quantizes(at: RulePaths.quantizationConfig)
    let vectors = collection.present(.vector)
    if vectors.isEmpty, let general, general.value.bool == true, !isQuantized {
      return [
        diagnostic(general, "quantization beside inline_storage, found none on the collection")
      ]
    }
    var told: Set<SourceSpan> = []
    return vectors.compactMap { vector in
      let own = collection.vectorField(vector.name, "hnsw_config.inline_storage")
      guard let field = own ?? general, field.value.bool == true else { return nil }
      let path = FieldPath(["vectors", vector.name, "quantization_config"])
      let isMultivector =
        collection.vectorField(vector.name, "multivector_config.comparator") != nil
      guard isMultivector || !(isQuantized || collection.quantizes(at: path)),
        told.insert(field.span).inserted
      else { return nil }
      return diagnostic(
        field,
        isMultivector
          ? "inline_storage on single vectors, found it on the multivectors of \(vector.title)"
          : "quantization beside inline_storage, found none on \(vector.title)")
    }
  }

  private func diagnostic(_ field: DesiredField, _ expectation: String) -> Diagnostic {
    Diagnostic(
      .warning, code, "expected \(expectation)", at: field.span,
      hint: "a server ignores inline_storage there")
  }
}
