// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/samples/schema_sampler.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/synth/samples/pattern_sample.h"

namespace weir::synth {
namespace {

using namespace weir::schema;

constexpr std::size_t text_bytes_max = 100'000;
constexpr std::size_t items_max = 1'000;
constexpr int full_depth_max = 8; // below, members that may be left out are

const std::map<std::string_view, std::string_view>& formats() {
    static const std::map<std::string_view, std::string_view> all = {
        {"date-time", "2026-01-31T12:00:00Z"},
        {"date", "2026-01-31"},
        {"time", "12:00:00Z"},
        {"uuid", "00000000-0000-4000-8000-000000000000"},
        {"email", "user@example.com"},
        {"idn-email", "user@example.com"},
        {"hostname", "example.com"},
        {"idn-hostname", "example.com"},
        {"ipv4", "192.0.2.1"},
        {"ip-address", "192.0.2.1"},
        {"ipv6", "2001:db8::1"},
        {"uri", "https://example.com/"},
        {"iri", "https://example.com/"},
        {"uri-reference", "/path"},
        {"iri-reference", "/path"},
        {"uri-template", "/path/{name}"},
        {"json-pointer", "/member"},
        {"relative-json-pointer", "0"},
        {"regex", "^a$"}};
    return all;
}

/// value = mantissa / 10^places.
struct Fixed {
    std::int64_t mantissa = 0;
    std::size_t places = 0;
};

std::optional<Fixed> fixed_of(const std::string& digits) {
    Fixed fixed;
    bool point = false;
    std::size_t count = 0;
    for (const char c : digits) {
        if (c == '-' && count == 0 && !point)
            continue;
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++count > 18)
            return std::nullopt;
        fixed.mantissa = fixed.mantissa * 10 + (c - '0');
        fixed.places += point ? 1 : 0;
    }
    if (!digits.empty() && digits.front() == '-')
        fixed.mantissa = -fixed.mantissa;
    return fixed;
}

std::string text_of(const Fixed& fixed) {
    const bool negative = fixed.mantissa < 0;
    std::string text = std::to_string(negative ? -fixed.mantissa : fixed.mantissa);
    if (text.size() <= fixed.places)
        text.insert(0, fixed.places + 1 - text.size(), '0');
    if (fixed.places > 0)
        text.insert(text.size() - fixed.places, ".");
    return negative ? "-" + text : text;
}

/// How many members or elements there may be.
struct Sizes {
    std::size_t least = 0;
    std::size_t most = items_max;
};

template <class Rules>
Sizes sizes_of(const Program& program, const std::vector<SchemaId>& demands,
               std::uint32_t SchemaNode::*kind, const std::vector<Rules>& rules) {
    Sizes sizes;
    for (const SchemaId id : demands) {
        const std::uint32_t at = program.schemas[id].*kind;
        if (at == no_rules)
            continue;
        sizes.least = std::max<std::size_t>(sizes.least, rules[at].size_min);
        sizes.most = std::min<std::size_t>(sizes.most, rules[at].size_max);
    }
    return sizes;
}

} // namespace

std::string_view format_sample(std::string_view format) {
    const auto known = formats().find(format);
    return known == formats().end() ? std::string_view() : known->second;
}

std::string moved_by(const std::string& digits, const std::string& step, int times) {
    auto value = fixed_of(digits);
    auto unit = fixed_of(step);
    if (!value || !unit)
        return {};
    while (value->places < unit->places || unit->places < value->places) {
        Fixed& shorter = value->places < unit->places ? *value : *unit;
        if (std::abs(shorter.mantissa) > INT64_MAX / 20)
            return {};
        shorter.mantissa *= 10;
        ++shorter.places;
    }
    std::int64_t moved = 0;
    if (__builtin_mul_overflow(unit->mantissa, static_cast<std::int64_t>(times), &moved) ||
        __builtin_add_overflow(value->mantissa, moved, &moved))
        return {};
    return text_of({moved, value->places});
}

bool SchemaSampler::fits(const SampleValue& value, const Ids& demands) {
    m_text.clear();
    value.append(m_text);
    if (!m_tape.parse(m_text))
        return false;
    return std::all_of(demands.begin(), demands.end(),
                       [&](SchemaId id) { return m_validator.accepts(m_program, id, m_tape); });
}

/// `id` with all that holds where it does; of alternatives the `choice`th.
void SchemaSampler::expand(SchemaId id, std::size_t choice, Ids& out) const {
    if (id == accept_all || std::find(out.begin(), out.end(), id) != out.end())
        return;
    out.push_back(id);
    const SchemaNode& node = m_program.schemas[id];
    if (node.any == no_rules)
        return;
    const AnyRules& any = m_program.any[node.any];
    for (const SchemaId one : any.all_of)
        expand(one, choice, out);
    for (const auto* lists : {&any.any_of, &any.one_of})
        for (const auto& alternatives : *lists)
            if (!alternatives.empty())
                expand(alternatives[choice % alternatives.size()], choice, out);
    if (any.condition == no_schema)
        return;
    const bool holds = choice % 2 == 0;
    if (holds)
        expand(any.condition, choice, out);
    const SchemaId branch = holds ? any.then : any.otherwise;
    if (branch != no_schema)
        expand(branch, choice, out);
}

std::optional<SampleValue> SchemaSampler::sample(Members members) {
    return build({m_program.root}, {members, 0, 0});
}

std::optional<SampleValue> SchemaSampler::build(const Ids& ids, const Around& around) {
    if (around.depth > depth_max)
        return std::nullopt;
    Ids before;
    for (std::size_t choice = 0; choice < alternatives_max; ++choice) {
        Ids demands;
        for (const SchemaId id : ids)
            expand(id, choice, demands);
        if (choice > 0 && demands == before)
            break; // there is nothing to choose
        before = demands;
        std::vector<SampleValue> candidates;
        const std::uint8_t types = types_of(demands);
        add_enums(demands, candidates);
        if (candidates.empty() && (types & type_object) != 0)
            if (auto made = object(demands, around))
                candidates.push_back(std::move(*made));
        if (candidates.empty() && (types & type_array) != 0)
            if (auto made = array(demands, around))
                candidates.push_back(std::move(*made));
        if (candidates.empty() || types == type_any)
            candidates = scalars(demands);
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            SampleValue& candidate = candidates[(i + around.salt) % candidates.size()];
            if (!fits(candidate, ids))
                continue;
            candidate.demands = demands;
            return std::move(candidate);
        }
    }
    return std::nullopt;
}

std::uint8_t SchemaSampler::types_of(const Ids& demands) const {
    std::uint8_t types = type_any;
    std::uint8_t ruled = 0; // there are rules for
    for (const SchemaId id : demands) {
        const SchemaNode& node = m_program.schemas[id];
        types &= node.types;
        ruled |= node.object != no_rules ? type_object : 0;
        ruled |= node.array != no_rules ? type_array : 0;
    }
    return types == type_any && ruled != 0 ? ruled : types;
}

std::vector<SampleValue> SchemaSampler::scalars(const Ids& demands) const {
    std::vector<SampleValue> out;
    add_enums(demands, out);
    if (!out.empty())
        return out;
    add_strings(demands, out);
    add_numbers(demands, out);
    for (const JsonKind kind : {JsonKind::True, JsonKind::False, JsonKind::Null})
        out.push_back(SampleValue::of(kind));
    return out;
}

void SchemaSampler::add_enums(const Ids& demands, std::vector<SampleValue>& out) const {
    for (const SchemaId id : demands) {
        const SchemaNode& node = m_program.schemas[id];
        if (node.any == no_rules || !out.empty())
            continue;
        for (const EnumRules& rules : m_program.any[node.any].enums) {
            for (const std::string& text : rules.strings)
                out.push_back(SampleValue::string(text));
            for (const Bound& number : rules.numbers)
                out.push_back(SampleValue::number(number.text()));
            for (const std::uint32_t at : rules.containers) {
                const JsonTape& tape = rules.origin.document->tape;
                out.push_back(
                    SampleValue::raw(tape.nodes()[at].kind, std::string(tape.raw_quoted(at))));
            }
            if (rules.allow_true)
                out.push_back(SampleValue::of(JsonKind::True));
            if (rules.allow_false)
                out.push_back(SampleValue::of(JsonKind::False));
            if (rules.allow_null)
                out.push_back(SampleValue::of(JsonKind::Null));
        }
    }
}

void SchemaSampler::add_strings(const Ids& demands, std::vector<SampleValue>& out) const {
    std::size_t least = 0;
    std::size_t most = text_bytes_max;
    std::vector<std::string> texts;
    for (const SchemaId id : demands) {
        const SchemaNode& node = m_program.schemas[id];
        if (node.string == no_rules)
            continue;
        const StringRules& rules = m_program.strings[node.string];
        least = std::max<std::size_t>(least, rules.length_min);
        most = std::min<std::size_t>(most, rules.length_max);
        if (rules.format != nullptr)
            texts.emplace_back(format_sample(rules.format->name));
        if (rules.pattern)
            for (const std::size_t more : {0U, 1U, 2U, 5U, 10U, 40U, 200U})
                if (auto text = pattern_sample(rules.pattern->text(), more))
                    texts.push_back(std::move(*text));
        if (rules.base64)
            texts.emplace_back("e30=");
        if (rules.json)
            texts.emplace_back("{}");
    }
    constexpr std::string_view words[] = {"text", "word", "name", "some", "more"};
    for (const std::string_view word : words) {
        std::string text(word.substr(0, std::min(most, word.size())));
        text.resize(std::max(text.size(), std::min(least, text_bytes_max)), 'x');
        texts.push_back(std::move(text));
    }
    for (std::string& text : texts)
        out.push_back(SampleValue::string(std::move(text)));
}

void SchemaSampler::add_numbers(const Ids& demands, std::vector<SampleValue>& out) const {
    std::vector<std::string> digits = {"1", "2", "3", "5", "8", "13", "0", "1.5"};
    for (const SchemaId id : demands) {
        const SchemaNode& node = m_program.schemas[id];
        if (node.number == no_rules)
            continue;
        const NumberRules& rules = m_program.numbers[node.number];
        const std::string step = rules.multiple_of ? rules.multiple_of->text() : "1";
        for (const int times : {1, 2, 3, 10, 100})
            digits.push_back(moved_by("0", step, times));
        for (const Limit& limit : rules.limits)
            for (const int times : {0, 1, -1, 2, -2})
                for (const std::string& by : {step, std::string("1"), std::string("0.01")})
                    digits.push_back(moved_by(limit.bound.text(), by, times));
    }
    for (std::string& text : digits)
        if (!text.empty())
            out.push_back(SampleValue::number(std::move(text)));
}

SchemaSampler::Ids SchemaSampler::member_demands(const Ids& demands,
                                                 const std::string& name) const {
    Ids out;
    for (const SchemaId id : demands) {
        if (m_program.schemas[id].object == no_rules)
            continue;
        const ObjectRules& rules = m_program.objects[m_program.schemas[id].object];
        const auto& entries = rules.properties.entries();
        const std::size_t at = rules.properties.find(name, 0);
        bool known = at < entries.size() && entries[at].schema != no_schema;
        if (known)
            out.push_back(entries[at].schema);
        for (const ObjectRules::ByPattern& one : rules.patterns)
            if (one.pattern->found_in(name)) {
                known = true;
                out.push_back(one.schema);
            }
        if (!known && rules.additional != accept_all)
            out.push_back(rules.additional);
    }
    return out;
}

std::optional<SampleValue> SchemaSampler::object(const Ids& demands, const Around& around) {
    const bool all = around.members == Members::All && around.depth < full_depth_max;
    std::vector<std::pair<std::string, bool>> names; // and whether it is required
    const auto add = [&](const std::string& name, bool required) {
        for (auto& [known, needed] : names)
            if (known == name) {
                needed = needed || required;
                return;
            }
        names.emplace_back(name, required);
    };
    const auto [least, most] = sizes_of(m_program, demands, &SchemaNode::object, m_program.objects);
    for (const SchemaId id : demands) {
        if (m_program.schemas[id].object == no_rules)
            continue;
        const ObjectRules& rules = m_program.objects[m_program.schemas[id].object];
        for (const PropertyTable::Entry& entry : rules.properties.entries())
            if (entry.required != no_limit || (all && entry.schema != accept_none))
                add(entry.name, entry.required != no_limit);
        if (all)
            for (const ObjectRules::Dependency& one : rules.dependencies)
                for (const std::string& name : one.names)
                    add(name, false);
    }
    for (std::size_t i = names.size(); i < std::min(least, items_max); ++i)
        add("extra_" + std::to_string(i), false);
    SampleValue made = SampleValue::of(JsonKind::Object);
    for (const bool required : {true, false})
        for (const auto& [name, needed] : names) {
            if (needed != required || (!needed && made.members.size() >= most))
                continue;
            auto value = build(member_demands(demands, name),
                               {around.members, around.depth + 1, around.salt});
            if (value)
                made.members.push_back({name, std::move(*value)});
            else if (needed)
                return std::nullopt;
        }
    return made;
}

SchemaSampler::Ids SchemaSampler::item_demands(const Ids& demands, std::size_t index) const {
    Ids out;
    for (const SchemaId id : demands) {
        if (m_program.schemas[id].array == no_rules)
            continue;
        const ArrayRules& rules = m_program.arrays[m_program.schemas[id].array];
        out.push_back(index < rules.first.size() ? rules.first[index] : rules.rest);
        if (index == 0 && rules.contains != no_schema)
            out.push_back(rules.contains);
    }
    return out;
}

std::optional<SampleValue> SchemaSampler::array(const Ids& demands, const Around& around) {
    const auto [least, most] = sizes_of(m_program, demands, &SchemaNode::array, m_program.arrays);
    if (least > items_max)
        return std::nullopt;
    SampleValue made = SampleValue::of(JsonKind::Array);
    const std::size_t count = std::min(most, std::max<std::size_t>(least, 1));
    for (std::size_t i = 0; i < count; ++i) {
        auto value =
            build(item_demands(demands, i), {around.members, around.depth + 1, around.salt + i});
        if (value)
            made.items.push_back(std::move(*value));
        else if (i < least)
            return std::nullopt;
    }
    return made;
}

} // namespace weir::synth
