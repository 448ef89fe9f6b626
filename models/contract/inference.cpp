// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/inference.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "models/contract/schema/exact_number.h"
#include "models/contract/schema/formats.h"
#include "models/event/decimal.h"
#include "models/event/disclosure/field_class.h"
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

/// The class of personal data that a field's name speaks of, as contracts call it.
const char* pii_of_name(std::string_view name, std::string_view parent) {
    switch (class_of_name(name, parent)) {
    case FieldClass::None:
        return "";
    case FieldClass::Email:
        return "email";
    case FieldClass::Phone:
        return "phone";
    case FieldClass::Card:
        return "card";
    case FieldClass::Ip:
        return "ip";
    case FieldClass::Token:
        return "token";
    case FieldClass::Name:
        return "name";
    case FieldClass::Address:
        return "address";
    case FieldClass::Identity:
        return "identity";
    case FieldClass::NationalId:
        return "national_id";
    case FieldClass::Iban:
        return "iban";
    case FieldClass::Birth:
        return "birth";
    case FieldClass::Location:
        return "location";
    }
    return "";
}

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
        std::map<std::string, FieldFacts> groups;
    };
    std::uint64_t events = 0;
    std::map<std::string, Field> fields;
    std::map<std::string, std::uint64_t> groups;
    std::uint64_t left_out = 0;

    void note(Field& field, const JsonTape& tape, std::uint32_t node, ValueKind kind);
};

void Inference::Type::note(Field& field, const JsonTape& tape, std::uint32_t node, ValueKind kind) {
    const std::string_view text = tape.raw(node);
    if (kind == ValueKind::Integer || kind == ValueKind::Fraction) {
        if (field.least.empty() || Decimal(field.least).compare(text) < 0)
            field.least = text;
        if (field.most.empty() || Decimal(field.most).compare(text) > 0)
            field.most = text;
    }
    if (kind == ValueKind::String) {
        const std::string value = tape.unescaped(node);
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

std::string Inference::group_of(const JsonTape& event) const {
    std::string group;
    for (const std::string& pointer : m_options.group_pointers) {
        const auto node = event.at(pointer);
        if (!node || event.nodes()[*node].kind != JsonKind::String)
            continue;
        group += (group.empty() ? "" : " ") + event.unescaped(*node).substr(0, 64);
    }
    return group.empty() ? "(none)" : group;
}

void Inference::absorb(const JsonTape& event) {
    ++m_events;
    const auto type_node = event.at(m_options.type_pointer);
    if (!type_node || event.nodes()[*type_node].kind != JsonKind::String) {
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
    std::string group = group_of(event);
    if (slot->groups.count(group) == 0 && slot->groups.size() >= Limits().groups)
        group = "(other)";
    ++slot->groups[group];
    ++slot->events;
    std::string pointer;
    absorb_value(*slot, event, 0, pointer, group, 0);
}

void Inference::absorb_value(Type& type, const JsonTape& tape, std::uint32_t node,
                             std::string& pointer, const std::string& group, int depth) {
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
    ++found->second.groups[group].kinds[static_cast<std::size_t>(kind)];
    type.note(found->second, tape, node, kind);
    if (depth >= depth_max)
        return;
    const auto& nodes = tape.nodes();
    const std::size_t size = pointer.size();
    if (kind == ValueKind::Object) {
        for (std::uint32_t key = node + 1; key < nodes[node].next; key = nodes[key + 1].next) {
            pointer += pointer_step(tape.unescaped(key));
            absorb_value(type, tape, key + 1, pointer, group, depth + 1);
            pointer.resize(size);
        }
    } else if (kind == ValueKind::Array) {
        for (std::uint32_t i = node + 1; i < nodes[node].next; i = nodes[i].next) {
            pointer += "/*";
            absorb_value(type, tape, i, pointer, group, depth + 1);
            pointer.resize(size);
        }
    }
}

std::vector<InferredType> Inference::result() const {
    std::vector<InferredType> all;
    for (const auto& [key, type] : m_types) {
        InferredType out;
        out.type = key.first;
        out.version = key.second;
        out.events = type->events;
        out.groups = type->groups;
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
            if (!pointer.empty() && field.facts.of(ValueKind::Object) == 0) {
                const std::string above = parent_pointer(pointer);
                one.pii = pii_of_name(std::string_view(pointer).substr(above.size() + 1),
                                      std::string_view(above).substr(above.rfind('/') + 1));
            }
            if (one.pii.empty() && (one.format == "email" || one.format.substr(0, 2) == "ip"))
                one.pii = one.format == "email" ? "email" : "ip";
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
