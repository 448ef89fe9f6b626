// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/inference.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "models/contract/contract.h"
#include "models/contract/schema/exact_number.h"
#include "models/contract/schema/formats.h"
#include "models/event/decimal.h"
#include "models/event/disclosure/field_class.h"
#include "models/event/disclosure/value_patterns.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

constexpr int depth_max = 24;
constexpr const char* candidate_formats[] = {"date-time", "date", "uuid", "email",
                                             "ipv4",      "ipv6", "uri"};
constexpr std::uint64_t group_events_min = 20; // fewer show nothing

ValueKind kind_of(const JsonTape& tape, std::uint32_t node) {
    switch (tape.nodes()[node].kind) {
    case JsonKind::Object:
        return ValueKind::Object;
    case JsonKind::Array:
        return ValueKind::Array;
    case JsonKind::Number:
        return schema::is_whole(tape.raw(node), false) ? ValueKind::Integer : ValueKind::Fraction;
    case JsonKind::True:
    case JsonKind::False:
        return ValueKind::Boolean;
    case JsonKind::Null:
        return ValueKind::Null;
    default:
        return ValueKind::String;
    }
}

/// As contracts call it what masking gives for its reason.
std::string pii_of(std::string_view reason) {
    if (reason == to_word(FieldClass::NationalId))
        return "national_id";
    const auto& known = pii_classes();
    const bool is_class = std::find(known.begin(), known.end(), reason) != known.end();
    return reason.empty() || is_class ? std::string(reason) : "sensitive";
}

/// The name that a field goes by, and that of what is around it: an element goes by its list's.
struct FieldName {
    explicit FieldName(std::string_view pointer) {
        own = step_off(pointer);
        parent = step_off(pointer);
    }
    std::string_view own, parent;

  private:
    static std::string_view step_off(std::string_view& pointer) {
        std::string_view step = "*";
        while (step == "*" && !pointer.empty()) {
            const std::size_t slash = pointer.rfind('/');
            step = pointer.substr(slash + 1);
            pointer = pointer.substr(0, slash);
        }
        return step;
    }
};

std::string percent(std::uint64_t part, std::uint64_t whole) {
    char text[16];
    std::snprintf(text, sizeof text, "%.3g %%",
                  whole == 0 ? 0.0
                             : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text;
}

/// Integers and fractions are one kind where senders are compared.
std::uint64_t numbers_in(const FieldFacts& facts) {
    return facts.of(ValueKind::Integer) + facts.of(ValueKind::Fraction);
}

void note_kinds(const InferredField& field, const std::string& group, const FieldFacts& own,
                std::vector<InferredDifference>& out) {
    const std::uint64_t here = own.present();
    const std::uint64_t elsewhere = field.facts.present() - here;
    if (here < group_events_min || elsewhere < group_events_min)
        return;
    for (const ValueKind kind : {ValueKind::Object, ValueKind::Array, ValueKind::String,
                                 ValueKind::Integer, ValueKind::Boolean, ValueKind::Null}) {
        const bool number = kind == ValueKind::Integer;
        const std::uint64_t mine = number ? numbers_in(own) : own.of(kind);
        const std::uint64_t all = number ? numbers_in(field.facts) : field.facts.of(kind);
        const double share = static_cast<double>(mine) / static_cast<double>(here);
        const double other = static_cast<double>(all - mine) / static_cast<double>(elsewhere);
        if (share - other < 0.2 && !(share > 0 && other == 0 && mine >= group_events_min))
            continue;
        out.push_back({field.pointer, group,
                       (number ? std::string("number") : std::string(to_word(kind))) + " in " +
                           percent(mine, here) + " of " + std::to_string(here) + ", elsewhere in " +
                           percent(all - mine, elsewhere)});
    }
}

void note_presence(const InferredField& field, const InferredField* parent,
                   const InferredType& type, std::vector<InferredDifference>& out) {
    for (const auto& [group, events] : type.groups) {
        std::uint64_t could = events;
        if (parent != nullptr) {
            const auto found = parent->groups.find(group);
            could = found == parent->groups.end() ? 0 : found->second.of(ValueKind::Object);
        }
        const std::uint64_t others_could = field.parents - std::min(could, field.parents);
        if (could < group_events_min || others_could < group_events_min)
            continue;
        const auto own = field.groups.find(group);
        const std::uint64_t here = own == field.groups.end() ? 0 : own->second.present();
        const std::uint64_t others = field.facts.present() - here;
        const double share = static_cast<double>(here) / static_cast<double>(could);
        const double other = static_cast<double>(others) / static_cast<double>(others_could);
        if (share - other > 0.5 || other - share > 0.5)
            out.push_back({field.pointer, group,
                           "there in " + percent(here, could) + " of " + std::to_string(could) +
                               ", elsewhere in " + percent(others, others_could)});
    }
}

std::string parent_pointer(const std::string& pointer) {
    return pointer.substr(0, pointer.rfind('/'));
}

} // namespace

std::string_view to_word(ValueKind kind) {
    constexpr std::string_view words[] = {"object",   "array",   "string", "integer",
                                          "fraction", "boolean", "null"};
    return words[static_cast<std::size_t>(kind)];
}

std::uint64_t FieldFacts::present() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : kinds)
        sum += count;
    return sum;
}

/// What is gathered of one type and version.
struct Inference::Type {
    struct Field {
        FieldFacts facts;
        std::string least, most;
        std::set<std::string> values; // JSON
        bool many_values = false;
        std::uint32_t formats = (1U << std::size(candidate_formats)) - 1; // not yet refuted
        FieldClass seen = FieldClass::None;                               // by the shape of a value
        bool hidden = false;                                              // some values were masked
        std::string reason;                                               // why
        std::map<std::string, FieldFacts> groups;
    };
    std::uint64_t events = 0;
    std::map<std::string, Field> fields;
    std::map<std::string, std::uint64_t> groups;
    std::uint64_t left_out = 0;

    static void note(Field& field, const JsonTape& tape, std::uint32_t node, ValueKind kind);
    static void hide(Field& field, std::string_view reason);
    std::string class_of(const std::string& pointer,
                         std::map<std::string, FieldClass>& inherited) const;
};

struct Inference::Absorbed {
    Type& type;
    const JsonTape& tape;
    const HiddenParts& hidden;
    const std::string& group;

    std::optional<std::string_view> hidden_at(std::uint32_t node) const {
        const TapeNode& at = tape.nodes()[node];
        return hidden.reason_at(at.offset, at.length);
    }
    /// Nobody's name: what a schema can have among its properties.
    bool is_name(std::uint32_t key) const {
        return !hidden_at(key) && class_of_text(tape.unescaped(key)) == FieldClass::None;
    }
};

std::optional<std::string_view> HiddenParts::reason_at(std::uint32_t begin,
                                                       std::uint32_t size) const {
    const std::uint32_t at = begin + event_begin;
    const auto next =
        std::partition_point(spans.begin(), spans.end(),
                             [at](const MaskedSpan& span) { return span.begin + span.size <= at; });
    if (next != spans.end())
        return next->begin < at + size ? std::optional<std::string_view>(next->reason)
                                       : std::nullopt;
    return more ? std::optional<std::string_view>("") : std::nullopt;
}

/// Nothing of a field that was masked once is told: neither a value nor a range.
void Inference::Type::hide(Field& field, std::string_view reason) {
    field.hidden = true;
    if (field.reason.empty())
        field.reason = reason;
    field.least.clear();
    field.most.clear();
    field.values.clear();
    field.many_values = true;
    field.formats = 0;
}

void Inference::Type::note(Field& field, const JsonTape& tape, std::uint32_t node, ValueKind kind) {
    const std::string_view text = tape.raw(node);
    if (field.hidden)
        return;
    if (kind == ValueKind::Integer || kind == ValueKind::Fraction) {
        if (field.seen == FieldClass::None)
            field.seen = class_of_number(text);
        if (field.least.empty() || Decimal(field.least).compare(text) < 0)
            field.least = text;
        if (field.most.empty() || Decimal(field.most).compare(text) > 0)
            field.most = text;
    }
    if (kind == ValueKind::String) {
        const std::string value = tape.unescaped(node);
        if (field.seen == FieldClass::None)
            field.seen = class_of_text(value);
        for (std::size_t i = 0; i < std::size(candidate_formats) && field.formats != 0; ++i)
            if ((field.formats >> i & 1U) != 0 &&
                !schema::find_format(candidate_formats[i])->check(value))
                field.formats &= ~(1U << i);
    }
    if (kind == ValueKind::Object || kind == ValueKind::Array || field.many_values)
        return;
    if (text.size() <= 64)
        field.values.emplace(tape.raw_quoted(node));
    if (text.size() > 64 || field.values.size() > Limits().values) {
        field.many_values = true;
        field.values.clear();
    }
}

Inference::Inference(InferOptions options)
    : m_options(std::move(options)) {}

Inference::~Inference() = default;

std::string Inference::group_of(const JsonTape& event, const HiddenParts& hidden) const {
    std::string group;
    for (const std::string& pointer : m_options.group_pointers) {
        const auto node = event.at(pointer);
        if (!node || event.nodes()[*node].kind != JsonKind::String ||
            hidden.reason_at(event.nodes()[*node].offset, event.nodes()[*node].length))
            continue;
        group += (group.empty() ? "" : " ") + event.unescaped(*node).substr(0, 64);
    }
    return group.empty() ? "(none)" : group;
}

void Inference::absorb(const JsonTape& event, const HiddenParts& hidden) {
    ++m_events;
    const auto type_node = event.at(m_options.type_pointer);
    if (!type_node || event.nodes()[*type_node].kind != JsonKind::String ||
        hidden.reason_at(event.nodes()[*type_node].offset, event.nodes()[*type_node].length)) {
        ++m_left_out;
        return;
    }
    std::int64_t version = 0;
    const auto version_node = event.at(m_options.version_pointer);
    if (version_node && is_decimal(event.raw(*version_node)))
        Decimal(event.raw(*version_node)).to_int64(version);
    const std::pair<std::string, std::int64_t> key{event.unescaped(*type_node), version};
    if (m_types.count(key) == 0 && m_types.size() >= Limits().types) {
        ++m_left_out;
        return;
    }
    auto& slot = m_types[key];
    if (!slot)
        slot = std::make_unique<Type>();
    std::string group = group_of(event, hidden);
    if (slot->groups.count(group) == 0 && slot->groups.size() >= Limits().groups)
        group = "(other)";
    ++slot->groups[group];
    ++slot->events;
    std::string pointer;
    absorb_value({*slot, event, hidden, group}, 0, pointer, 0);
}

void Inference::absorb_value(const Absorbed& event, std::uint32_t node, std::string& pointer,
                             int depth) {
    Type& type = event.type;
    const JsonTape& tape = event.tape;
    auto found = type.fields.find(pointer);
    if (found == type.fields.end()) {
        if (type.fields.size() >= Limits().fields) {
            ++type.left_out;
            return;
        }
        found = type.fields.try_emplace(pointer).first;
    }
    const ValueKind kind = kind_of(tape, node);
    ++found->second.facts.kinds[static_cast<std::size_t>(kind)];
    ++found->second.groups[event.group].kinds[static_cast<std::size_t>(kind)];
    const bool container = kind == ValueKind::Object || kind == ValueKind::Array;
    if (const auto reason = container ? std::nullopt : event.hidden_at(node))
        Type::hide(found->second, *reason);
    Type::note(found->second, tape, node, kind);
    if (depth >= depth_max)
        return;
    const auto& nodes = tape.nodes();
    const std::size_t size = pointer.size();
    if (kind == ValueKind::Object) {
        for (std::uint32_t key = node + 1; key < nodes[node].next; key = nodes[key + 1].next) {
            pointer += event.is_name(key) ? pointer_step(tape.unescaped(key)) : "/{*}";
            absorb_value(event, key + 1, pointer, depth + 1);
            pointer.resize(size);
        }
    } else if (kind == ValueKind::Array) {
        for (std::uint32_t i = node + 1; i < nodes[node].next; i = nodes[i].next) {
            pointer += "/*";
            absorb_value(event, i, pointer, depth + 1);
            pointer.resize(size);
        }
    }
}

/// By why it was masked, by names (which count for all below: `inherited` has what counts below the
/// parents), by values.
std::string Inference::Type::class_of(const std::string& pointer,
                                      std::map<std::string, FieldClass>& inherited) const {
    const Field& field = fields.at(pointer);
    const FieldName name(pointer);
    const auto around = pointer.empty() ? inherited.end() : inherited.find(parent_pointer(pointer));
    FieldClass found =
        around != inherited.end() ? around->second : class_of_name(name.own, name.parent);
    if (found != FieldClass::None)
        inherited.emplace(pointer, found);
    else if (field.facts.of(ValueKind::Object) == 0)
        found = class_of_scalar(name.own);
    if (found == FieldClass::None)
        found = field.seen;
    return pii_of(field.reason.empty() ? to_word(found) : std::string_view(field.reason));
}

std::vector<InferredType> Inference::result() const {
    std::vector<InferredType> all;
    for (const auto& [key, type] : m_types) {
        InferredType out;
        out.type = key.first;
        out.version = key.second;
        out.events = type->events;
        out.groups = type->groups;
        std::map<std::string, FieldClass> inherited;
        for (const auto& [pointer, field] : type->fields) {
            InferredField one;
            one.pointer = pointer;
            one.facts = field.facts;
            one.groups = field.groups;
            one.least = field.least;
            one.most = field.most;
            one.values.assign(field.values.begin(), field.values.end());
            const auto parent = type->fields.find(parent_pointer(pointer));
            one.parents =
                pointer.empty() ? type->events : parent->second.facts.of(ValueKind::Object);
            for (std::size_t i = 0; i < std::size(candidate_formats); ++i)
                if (field.facts.of(ValueKind::String) > 0 && (field.formats >> i & 1U) != 0 &&
                    one.format.empty())
                    one.format = candidate_formats[i];
            one.hidden = field.hidden;
            one.pii = type->class_of(pointer, inherited);
            out.fields.push_back(std::move(one));
        }
        for (const InferredField& field : out.fields) {
            const auto parent =
                std::find_if(out.fields.begin(), out.fields.end(), [&](const InferredField& f) {
                    return f.pointer == parent_pointer(field.pointer);
                });
            const bool element = field.pointer.size() > 1 &&
                                 field.pointer.compare(field.pointer.size() - 2, 2, "/*") == 0;
            if (!field.pointer.empty() && !element)
                note_presence(field, parent->pointer.empty() ? nullptr : &*parent, out,
                              out.differences);
            for (const auto& [group, facts] : field.groups)
                note_kinds(field, group, facts, out.differences);
        }
        out.contract = draft_contract(out, m_options);
        all.push_back(std::move(out));
    }
    return all;
}

} // namespace weir
