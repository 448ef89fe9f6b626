// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/imported_value.h"

#include "models/event/decimal.h"

namespace weir {

namespace {

void append_lines(const ImportedValue& value, std::size_t indent, std::string& out) {
    const auto& nodes = value.tape->nodes();
    const bool object = value.kind() == JsonKind::Object;
    const std::uint32_t end = nodes[value.node].next;
    if ((!object && value.kind() != JsonKind::Array) || end == value.node + 1) {
        out += object ? "{}" : value.tape->raw_quoted(value.node);
        return;
    }
    out += object ? '{' : '[';
    for (std::uint32_t i = value.node + 1; i < end;) {
        out += i == value.node + 1 ? "\n" : ",\n";
        out.append(indent + 2, ' ');
        if (object)
            out.append(value.tape->raw_quoted(i++)).append(": ");
        append_lines({value.tape, i}, indent + 2, out);
        i = nodes[i].next;
    }
    out += '\n';
    out.append(indent, ' ');
    out += object ? '}' : ']';
}

void append_contract_member(const char* name, std::string_view text, std::string& out) {
    out.append("  \"").append(name).append("\": ");
    append_json_string(text, out);
    out += ",\n";
}

} // namespace

std::string ImportedValue::text(std::string_view name) const {
    const auto found = member(name);
    return found && found->kind() == JsonKind::String ? tape->unescaped(found->node)
                                                      : std::string();
}

std::int64_t ImportedValue::whole(std::string_view name, std::int64_t otherwise) const {
    const auto found = member(name);
    std::int64_t number = otherwise;
    if (found && found->kind() == JsonKind::Number)
        Decimal(tape->raw(found->node)).to_int64(number);
    return number;
}

std::vector<ImportedValue> ImportedValue::elements() const {
    std::vector<ImportedValue> all;
    if (kind() == JsonKind::Array)
        for (std::uint32_t i = node + 1; i < tape->nodes()[node].next; i = tape->nodes()[i].next)
            all.push_back({tape, i});
    return all;
}

std::string schema_lines(const ImportedValue& schema) {
    std::string text;
    append_lines(schema, 2, text);
    return text;
}

ImportedContracts::ImportedContracts(std::string owner)
    : m_owner(owner.empty() ? "unknown: name the team that answers for it" : std::move(owner)) {}

ImportedContract& ImportedContracts::add(const std::string& type, std::int64_t version,
                                         const std::string& origin, const std::string& description,
                                         const std::string& schema) {
    ImportedContract one;
    one.type = type;
    one.version = version;
    one.origin = origin;
    one.contract = "{\n  \"weir_contract\": 1,\n";
    append_contract_member("comment", "Imported from " + origin + ".", one.contract);
    append_contract_member("type", type, one.contract);
    one.contract += "  \"version\": " + std::to_string(version) + ",\n";
    append_contract_member("owner", m_owner, one.contract);
    if (!description.empty())
        append_contract_member("description", description, one.contract);
    one.contract += "  \"schema\": " + schema + "\n}\n";
    return made.contracts.emplace_back(std::move(one));
}

} // namespace weir
