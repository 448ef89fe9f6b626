// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/catalogue_facts.h"

#include <algorithm>

#include "connectors/base/qt_text.h"
#include "models/catalogue/catalogue_words.h"
#include "models/event/filter/json_path.h"

namespace weir {

namespace {

using Tone = FactsTable::Tone;

QString word(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString expression(const std::shared_ptr<const Filter>& filter) {
    return filter ? shown_text(filter->text()) : QString();
}

QString effect_text(Effect effect) {
    switch (effect) {
    case Effect::Block:
        return tr("block: the event is refused");
    case Effect::Flag:
        return tr("flag: accepted, and recorded");
    case Effect::Strip:
        return tr("strip: accepted without the member");
    }
    return {};
}

} // namespace

FactsTable rules_table(const Contract& contract) {
    FactsTable table;
    table.titles = {{tr("Rule")},     {tr("When"), false, true},   {tr("Must"), false, true},
                    {tr("Severity")}, {tr("Blames"), false, true}, {tr("Remedy")}};
    for (const ContractRule& rule : contract.rules) {
        const bool warning = rule.severity == ContractRule::Severity::Warning;
        table.rows.push_back({{shown_text(rule.name), expression(rule.when), expression(rule.must),
                               warning ? tr("warning: flagged") : tr("error"), shown_text(rule.at),
                               shown_text(rule.remedy)},
                              Tone::Plain});
    }
    return table;
}

FactsTable effects_table(const Contract& contract) {
    FactsTable table;
    table.titles = {{tr("Reason"), false, true}, {tr("What is done")}};
    for (int i = 0; i < violation_reason_count; ++i) {
        const auto reason = static_cast<ViolationReason>(i);
        const Effect effect = contract.effect_of(reason);
        table.rows.push_back({{word(to_word(reason)), effect_text(effect)},
                              effect == Effect::Block ? Tone::Plain : Tone::Warning});
    }
    // What is not simply refused comes first.
    std::stable_sort(table.rows.begin(), table.rows.end(), [](const auto& a, const auto& b) {
        return a.tone == Tone::Warning && b.tone != Tone::Warning;
    });
    return table;
}

FactsTable changes_table(const Contract& contract) {
    FactsTable table;
    table.titles = {{tr("Date")}, {tr("Change")}};
    for (const ContractChange& change : contract.changelog)
        table.rows.push_back({{shown_text(change.date), shown_text(change.text)}, Tone::Plain});
    return table;
}

FactsTable differences_table(const Compatibility& found) {
    FactsTable table;
    table.titles = {{tr("Breaks")},
                    {tr("Field"), false, true},
                    {tr("Difference")},
                    {tr("Keyword"), false, true}};
    std::vector<Difference> differences = found.differences;
    std::stable_sort(
        differences.begin(), differences.end(),
        [](const Difference& a, const Difference& b) { return a.breaking && !b.breaking; });
    for (const Difference& one : differences) {
        const QString direction = word(to_word(one.direction));
        table.rows.push_back(
            {{one.breaking ? QString(QStringLiteral("▲ ") % direction) : tr("nothing"),
              one.pointer.empty() ? tr("the event") : shown_text(one.pointer), shown_text(one.what),
              shown_text(one.rule)},
             one.breaking ? Tone::Bad : Tone::Quiet});
    }
    return table;
}

FactsTable seen_table(const CatalogueVersion& version, const std::function<QString(Micros)>& time) {
    const auto& all = version.seen_at;
    const bool several = std::any_of(all.begin(), all.end(), [&](const SeenAt& at) {
        return at.connection != all.front().connection;
    });
    FactsTable table;
    if (several)
        table.titles.push_back({tr("Connection")});
    for (const QString& title : {tr("Place"), tr("Source")})
        table.titles.push_back({title});
    for (const QString& title : {tr("Events"), tr("Failed")})
        table.titles.push_back({title, true});
    for (const QString& title : {tr("First"), tr("Last")})
        table.titles.push_back({title, false, true});
    for (const SeenAt& at : all) {
        FactsTable::Row row;
        if (several)
            row.cells.append(shown_text(at.connection));
        row.cells +=
            {shown_text(at.topic),        at.source.empty() ? tr("(none)") : shown_text(at.source),
             number_text(at.seen.events), number_text(at.seen.failed),
             time(at.seen.first),         time(at.seen.last)};
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string events_filter(const std::string& type, const std::optional<std::string>& version) {
    const auto term = [](const std::string& field, const std::string& value) {
        return value.empty() ? "not " + field + " exists" : field + " == " + filter_quoted(value);
    };
    std::string filter = term("type", type);
    if (version)
        filter += " and " + term("schema_version", *version);
    return filter;
}

std::string draft_command(const CommandTarget& target, const std::string& topic,
                          const std::string& filter) {
    return "weir contract infer " + weir_connection(target) + " --topic " + shell_quoted(topic) +
           " --filter " + shell_quoted(filter) + " --output contracts/";
}

std::string count_command(const CommandTarget& target, const std::string& topic,
                          const std::string& type) {
    return "weir count " + weir_connection(target) + " --topic " + shell_quoted(topic) +
           " --filter " + shell_quoted(events_filter(type, std::nullopt)) + " --by schema_version";
}

} // namespace weir
