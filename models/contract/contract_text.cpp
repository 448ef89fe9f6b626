// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_text.h"

#include <algorithm>

#include "models/contract/compatibility_text.h"
#include "models/event/json/json_tape.h"

namespace weir {

namespace {

/// One JSON object, member by member.
class Object {
  public:
    void text(const char* name, std::string_view value) {
        begin(name);
        append_json_string(value, m_out);
    }
    void raw(const char* name, std::string_view json) {
        begin(name);
        m_out += json;
    }
    void texts(const char* name, const std::vector<std::string>& values) {
        begin(name);
        m_out += '[';
        for (const std::string& value : values) {
            if (m_out.back() != '[')
                m_out += ',';
            append_json_string(value, m_out);
        }
        m_out += ']';
    }
    template <class Items, class Write>
    void list(const char* name, const Items& items, Write write) {
        begin(name);
        m_out += '[';
        for (const auto& item : items) {
            Object inner;
            write(item, inner);
            m_out += (m_out.back() == '[' ? "" : ",") + inner.end();
        }
        m_out += ']';
    }
    std::string end() { return m_out + "}"; }

  private:
    void begin(const char* name) {
        m_out += m_out.size() == 1 ? "\"" : ",\"";
        m_out.append(name).append("\":");
    }
    std::string m_out = "{";
};

std::string effects_json(const Contract& contract) {
    Object out;
    for (int i = 0; i < violation_reason_count; ++i) {
        const auto reason = static_cast<ViolationReason>(i);
        out.text(std::string(to_word(reason)).c_str(), to_word(contract.effect_of(reason)));
    }
    return out.end();
}

std::string compared_json(const ComparedVersion& before) {
    std::string found;
    append_compatibility_json(before.compatibility, found);
    return "{\"version\":" + std::to_string(before.version) + "," + found.substr(1);
}

std::string filter_text(const std::shared_ptr<const Filter>& filter) {
    return filter ? filter->text() : std::string();
}

const char* severity_word(const ContractRule& rule) {
    return rule.severity == ContractRule::Severity::Warning ? "warning" : "error";
}

void field_json(const ContractField& field, Object& out) {
    out.text("pointer", field.pointer);
    out.text("types", field.types);
    out.raw("required", field.required ? "true" : "false");
    out.text("pii", field.pii);
    out.text("unit", field.unit);
    if (!field.default_json.empty())
        out.raw("default", field.default_json);
    out.texts("demands", field.demands);
    out.text("description", field.description);
}

void rule_json(const ContractRule& rule, Object& out) {
    out.text("name", rule.name);
    out.text("at", rule.at);
    out.text("severity", severity_word(rule));
    out.text("when", filter_text(rule.when));
    out.text("must", filter_text(rule.must));
    out.text("remedy", rule.remedy);
}

// ---- Markdown ----------------------------------------------------------------------------------

/// One line that means nothing to Markdown.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos)
            out += '\\';
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out;
}

std::string joined(const std::vector<std::string>& texts, const char* between) {
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "" : between) + text;
    return out;
}

std::string table_row(std::initializer_list<std::string> cells) {
    std::string out = "|";
    for (const std::string& cell : cells)
        out += " " + plain(cell) + " |";
    return out + "\n";
}

std::string table_head(std::initializer_list<std::string> titles) {
    std::string out = table_row(titles) + "|";
    for (std::size_t i = 0; i < titles.size(); ++i)
        out += " --- |";
    return out + "\n";
}

std::string facts_markdown(const Contract& contract) {
    std::string out;
    const auto fact = [&out](const char* name, const std::string& value) {
        if (!value.empty())
            out += std::string("- ") + name + ": " + plain(value) + "\n";
    };
    fact("Owner", contract.owner);
    fact("Approved uses", joined(contract.approved_uses, ", "));
    fact("Unique by", joined(contract.unique_by, ", "));
    fact("Deprecated since", contract.deprecated_since);
    fact("Removed on", contract.removed_on);
    fact("Personal data as a whole", contract.pii);
    fact("File", contract.file);
    return out;
}

std::string fields_markdown(const Contract& contract) {
    if (contract.fields.empty())
        return {};
    std::string out = "\n## Fields\n\n" + table_head({"Field", "Type", "Required", "Personal data",
                                                      "Unit", "Default", "Allowed", "Description"});
    for (const ContractField& field : contract.fields)
        out += table_row({field.pointer, field.types, field.required ? "yes" : "", field.pii,
                          field.unit, field.default_json, joined(field.demands, "; "),
                          field.description});
    return out;
}

std::string rules_markdown(const Contract& contract) {
    if (contract.rules.empty())
        return {};
    std::string out =
        "\n## Rules\n\n" + table_head({"Rule", "When", "Must", "Blames", "Severity", "Remedy"});
    for (const ContractRule& rule : contract.rules)
        out += table_row({rule.name, filter_text(rule.when), filter_text(rule.must), rule.at,
                          severity_word(rule), rule.remedy});
    return out;
}

std::string effects_markdown(const Contract& contract) {
    std::string out = "\n## What is done about a violation\n\n" + table_head({"Reason", "Effect"});
    for (int i = 0; i < violation_reason_count; ++i) {
        const auto reason = static_cast<ViolationReason>(i);
        out += table_row(
            {std::string(to_word(reason)), std::string(to_word(contract.effect_of(reason)))});
    }
    return out;
}

std::string changes_markdown(const Contract& contract) {
    if (contract.changelog.empty())
        return {};
    std::string out = "\n## Changes\n\n";
    for (const ContractChange& change : contract.changelog)
        out += "- " + plain(change.date) + ": " + plain(change.text) + "\n";
    return out;
}

std::string compared_markdown(const ComparedVersion& before) {
    const auto yes_no = [](bool yes) { return yes ? "yes" : "no"; };
    const Compatibility& found = before.compatibility;
    std::string out = "\n## Against version " + std::to_string(before.version) + "\n\nBackward " +
                      yes_no(found.backward()) + ", forward " + yes_no(found.forward()) +
                      ", full " + yes_no(found.full()) + ".\n";
    if (found.differences.empty())
        return out;
    out += "\n" + table_head({"Breaks", "Field", "Difference", "Keyword"});
    for (const Difference& one : found.differences)
        out += table_row({one.breaking ? std::string(to_word(one.direction)) : "nothing",
                          one.pointer, one.what, one.rule});
    return out;
}

} // namespace

std::size_t personal_fields(const Contract& contract) {
    return static_cast<std::size_t>(
        std::count_if(contract.fields.begin(), contract.fields.end(),
                      [](const ContractField& field) { return field.personal(); }));
}

std::string contract_json(const Contract& contract, const ComparedVersion* before) {
    Object out;
    out.text("type", contract.type);
    out.raw("version", std::to_string(contract.version));
    out.text("owner", contract.owner);
    out.text("description", contract.description);
    out.texts("approved_uses", contract.approved_uses);
    out.texts("unique_by", contract.unique_by);
    out.text("deprecated_since", contract.deprecated_since);
    out.text("removed_on", contract.removed_on);
    out.text("file", contract.file);
    if (!contract.pii.empty())
        out.text("pii", contract.pii);
    out.raw("personal", std::to_string(personal_fields(contract)));
    out.list("fields", contract.fields, field_json);
    out.list("rules", contract.rules, rule_json);
    out.raw("effects", effects_json(contract));
    out.list("changelog", contract.changelog, [](const ContractChange& change, Object& to) {
        to.text("date", change.date);
        to.text("change", change.text);
    });
    if (before != nullptr)
        out.raw("compared", compared_json(*before));
    return out.end();
}

std::string contract_markdown(const Contract& contract, const ComparedVersion* before) {
    std::string out = "# " + plain(contract.type) + " " + std::to_string(contract.version) + "\n\n";
    if (!contract.description.empty())
        out += plain(contract.description) + "\n\n";
    out += facts_markdown(contract) + fields_markdown(contract) + rules_markdown(contract) +
           effects_markdown(contract) + changes_markdown(contract);
    if (before != nullptr)
        out += compared_markdown(*before);
    return out;
}

} // namespace weir
