// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Both forms of a tracking plan describe whole calls. The older one has {"rules": {"events":
// [{"name", "rules": {…}}], "global": {…}, "identify": {…}, …}}, the newer one {"rules": [{"type":
// "TRACK", "key", "jsonSchema": {…}}, {"type": "COMMON", …}, …]}. What holds for all events becomes
// a part of each contract; calls without a name become contracts of the type that they are.
#include "models/contract/imported_value.h"

namespace weir {

namespace {

constexpr std::string_view draft_of_plans = R"("http://json-schema.org/draft-07/schema#")";

/// The older form's names of what is said of other calls, and their type.
struct OtherCall {
    const char* name;
    const char* type;
};
constexpr OtherCall other_calls[] = {{"identify", "identify"}, {"identify_traits", "identify"},
                                     {"group", "group"},       {"group_traits", "group"},
                                     {"page", "page"},         {"screen", "screen"}};

std::string lower_case(std::string text) {
    for (char& ch : text)
        if (ch >= 'A' && ch <= 'Z')
            ch = static_cast<char>(ch + 32);
    return text;
}

bool is_object(const std::optional<ImportedValue>& value) {
    return value && value->kind() == JsonKind::Object;
}

class TrackingPlan {
  public:
    explicit TrackingPlan(ImportedContracts& into)
        : m_into(into) {}

    /// {"events": […], "global": {…}, …}
    void older(const ImportedValue& rules) {
        common(rules.member("global"));
        if (const auto events = rules.member("events"))
            for (const ImportedValue& event : events->elements())
                track(event, event.text("name"), event.member("rules"));
        for (const OtherCall& call : other_calls) {
            const auto schema = rules.member(call.name);
            if (is_object(schema))
                add(call.type, 1, std::string("tracking plan, ") + call.name, "", *schema);
            else if (schema && !schema->elements().empty())
                m_into.remark("tracking plan",
                              std::string(call.name) + " are left out: they are no JSON Schema");
        }
    }

    /// [{"type": "TRACK", …}, …]
    void newer(const ImportedValue& rules) {
        for (const ImportedValue& rule : rules.elements())
            if (rule.text("type") == "COMMON")
                common(rule.member("jsonSchema"));
        for (const ImportedValue& rule : rules.elements()) {
            const std::string kind = rule.text("type");
            const auto schema = rule.member(rule.has("jsonSchema") ? "jsonSchema" : "rules");
            const std::string type = lower_case(kind);
            const bool call =
                type == "identify" || type == "group" || type == "page" || type == "screen";
            if (kind.empty() || kind == "TRACK")
                track(rule, rule.text(rule.has("key") ? "key" : "name"), schema);
            else if (call && is_object(schema))
                add(type, rule.whole("version", 1), "tracking plan, rule " + kind,
                    rule.text("description"), *schema);
            else if (kind != "COMMON")
                m_into.remark("tracking plan, rule " + kind,
                              "left out: it is of a kind that has no "
                              "contract");
        }
    }

  private:
    void track(const ImportedValue& rule, const std::string& name,
               const std::optional<ImportedValue>& schema) {
        if (name.empty() || !is_object(schema)) {
            m_into.remark("tracking plan, event " + (name.empty() ? "without a name" : name),
                          "left out: it has no JSON Schema");
            return;
        }
        add(name, rule.whole("version", 1), "tracking plan, event " + name,
            rule.text("description"), *schema);
    }

    /// What holds for all events, without what says of it which schema it is.
    void common(const std::optional<ImportedValue>& schema) {
        if (!is_object(schema))
            return;
        std::string text;
        for (const auto& [name, value] : members(*schema))
            if (name != "$schema" && name != "$id" && name != "id")
                text += (text.empty() ? "" : ",") + quoted(name) + ":" + raw(value);
        if (text.find("\"$ref\"") != std::string::npos)
            m_into.remark("tracking plan",
                          "what holds for all events is left out: it refers within itself");
        else if (!text.empty())
            m_common.push_back("{" + text + "}");
    }

    void add(const std::string& type, std::int64_t version, const std::string& origin,
             const std::string& description, const ImportedValue& schema) {
        const std::string text = with_common(schema); // the tape refers to it
        JsonTape tape;
        if (tape.parse(text)) // it is made of JSON
            m_into.add(type, version, origin, description, schema_lines({&tape, 0}));
    }

    /// The event's own schema stays where it is, so that it can refer within itself.
    std::string with_common(const ImportedValue& schema) const {
        std::string parts; // of allOf
        std::string text =
            schema.has("$schema") ? "" : "\"$schema\":" + std::string(draft_of_plans);
        for (const auto& [name, value] : members(schema)) {
            std::string* to = &text;
            std::string part = quoted(name) + ":" + raw(value);
            if (!m_common.empty() && name == "$ref") { // nothing counts beside it
                to = &parts;
                part = "{" + part + "}";
            } else if (!m_common.empty() && name == "allOf" && !value.elements().empty()) {
                to = &parts;
                part = raw(value);
                part = part.substr(1, part.size() - 2);
            }
            *to += (to->empty() ? "" : ",") + part;
        }
        for (const std::string& one : m_common)
            parts += (parts.empty() ? "" : ",") + one;
        if (!parts.empty())
            text += ",\"allOf\":[" + parts + "]";
        return "{" + text + "}";
    }

    static std::vector<std::pair<std::string, ImportedValue>> members(const ImportedValue& object) {
        const auto& nodes = object.tape->nodes();
        std::vector<std::pair<std::string, ImportedValue>> all;
        for (std::uint32_t key = object.node + 1; key < nodes[object.node].next;
             key = nodes[key + 1].next)
            all.emplace_back(object.tape->unescaped(key), ImportedValue{object.tape, key + 1});
        return all;
    }
    static std::string raw(const ImportedValue& value) {
        return std::string(value.tape->raw_quoted(value.node));
    }
    static std::string quoted(const std::string& name) {
        std::string text;
        append_json_string(name, text);
        return text;
    }

    ImportedContracts& m_into;
    std::vector<std::string> m_common; // JSON
};

} // namespace

bool import_tracking_plan(const ImportedValue& root, ImportedContracts& into) {
    ImportedValue at = root;
    for (const char* wrapper : {"data", "trackingPlan", "tracking_plan"})
        if (const auto inner = at.member(wrapper); is_object(inner))
            at = *inner;
    auto rules = at.member("rules");
    if (const auto data = root.member("data"); !rules && data)
        rules = data->member("rules");
    if (!rules)
        return false;
    TrackingPlan plan(into);
    if (rules->kind() == JsonKind::Array)
        plan.newer(*rules);
    else
        plan.older(*rules);
    return !into.made.contracts.empty() || !into.made.remarks.empty();
}

} // namespace weir
