// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Invalid view's chosen reason: which values its events have, and the ways to them.
#include <QJsonObject>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

#include "connectors/base/qt_text.h"
#include "models/event/json/json_tape.h"
#include "models/event/search/hit_json.h"
#include "models/live/printable.h"
#include "widgets/common/copy.h"
#include "widgets/invalid/invalid_pane.h"
#include "widgets/invalid/invalid_table.h"
#include "widgets/invalid/invalid_view.h"

namespace weir {

namespace {

/// "app_version" as a word.
QString dimension_word(const QString& name) {
    return QString(name).replace(u'_', u' ');
}

/// The value that the row has in the dimension it was told apart by.
std::string value_of(const InvalidRow& row) {
    if (!row.producer.empty() || !row.topic.empty())
        return row.producer + row.topic;
    const auto told = std::find_if(row.values.begin(), row.values.end(),
                                   [](const auto& value) { return !value.empty(); });
    return told == row.values.end() ? std::string() : *told;
}

/// How much the dimension tells: how far its largest value's share of these events is from its
/// share of all events.
double telling(const InvalidReport& values) {
    if (values.rows.empty() || !values.now.of || *values.now.of == 0)
        return 0;
    const InvalidRow& top = values.rows.front();
    if (!top.now.of)
        return 0;
    const auto events = static_cast<double>(std::max<std::uint64_t>(1, values.now.all()));
    return std::abs(static_cast<double>(top.now.events) / events -
                    static_cast<double>(*top.now.of) / static_cast<double>(*values.now.of));
}

/// A term of the filter language that finds the reason; a text that was made general finds none.
std::string reason_filter(const InvalidRow& row) {
    const bool general = row.reason.find('#') != std::string::npos ||
                         row.reason.find("…") != std::string::npos || row.reason == "(other)";
    const std::string field = row.key.kind == InvalidKind::Passed ? "violation" : "reason";
    if (general)
        return field + " exists";
    std::string term = field + " == ";
    append_json_string(row.reason, term);
    return term;
}

} // namespace

void InvalidView::makeCommands() {
    addSearchCommand(tr("Invalid: search"));
    addCommand(tr("Invalid: show the events of this reason"), QKeySequence(Qt::CTRL | Qt::Key_G),
               [this] { openEvents(false); });
    addCommand(tr("Invalid: open a sample"), {}, [this] { openSample(0); });
    addCommand(tr("Invalid: by type and version"), {}, [this] { m_split->toggle(); });
    addCommand(tr("Invalid: bots, too"), {}, [this] { m_bots->toggle(); });
    addCommand(tr("Copy as weir invalid …"), {}, [this] {
        copy_text(command());
        note(tr("Copied."));
    });
    auto* const menu = new QMenu(m_pane->dimensionButton());
    m_pane->dimensionButton()->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const QString& name : dimensions())
            menu->addAction(dimension_word(name), this, [this, name] { setDimension(name); });
    });
}

std::vector<QString> InvalidView::dimensions() const {
    std::vector<QString> names;
    if (m_vocabulary == nullptr)
        return names;
    for (const std::string& name : m_vocabulary->dimension_names)
        names.push_back(qt(name));
    names.push_back(QStringLiteral("producer"));
    names.push_back(QStringLiteral("topic"));
    return names;
}

InvalidReport InvalidView::valuesBy(const QString& dimension) const {
    InvalidQuestion asked;
    asked.range = m_report->question.range;
    asked.grouping = grouping_by(*m_vocabulary, dimension.toStdString()).value_or(asked.grouping);
    const InvalidRow* const row = m_table->invalidModel()->rowAt(m_table->currentIndex());
    asked.within = InvalidQuestion::Within{m_report->question.grouping, row->key};
    return invalid_report(m_seen, *m_vocabulary, *m_source->disclosure(), asked);
}

void InvalidView::showValues() {
    if (m_table->invalidModel()->rowAt(m_table->currentIndex()) == nullptr || !m_vocabulary ||
        !m_report || m_seen.lanes.empty())
        return;
    if (!m_dimension.isEmpty()) {
        m_dimension_shown = m_dimension;
        m_told_key.clear();
    } else if (m_told_key != m_table->chosenKey()) {
        m_told_key = m_table->chosenKey();
        double most = -1;
        for (const QString& name : dimensions()) {
            const double told = telling(valuesBy(name));
            if (told > most) {
                most = told;
                m_dimension_shown = name;
            }
        }
    }
    std::vector<ValueBars::Value> values;
    m_value_texts.clear();
    for (const InvalidRow& row : valuesBy(m_dimension_shown).rows) {
        m_value_texts.push_back(value_of(row));
        values.push_back({qt(printable(m_value_texts.back())), row.now.events, row.now.share()});
    }
    m_pane->showValues(dimension_word(m_dimension_shown), std::move(values));
}

void InvalidView::setDimension(const QString& name) {
    m_dimension = name;
    showValues();
    Q_EMIT moved();
}

void InvalidView::openSample(int row) {
    const auto* const model = m_pane->sampleModel();
    const InvalidSample* const sample = model->sampleAt(model->index(row, 0));
    if (sample == nullptr || !m_vocabulary)
        return;
    Q_EMIT openRequested(QStringLiteral("live"),
                         {{QStringLiteral("topic"), qt(m_vocabulary->places->name(sample->place))},
                          {QStringLiteral("partition"), sample->partition.value()},
                          {QStringLiteral("offset"), QString::number(sample->offset.value())}});
}

void InvalidView::openEvents(bool of_value) {
    const InvalidRow* const row = m_table->invalidModel()->rowAt(m_table->currentIndex());
    if (row == nullptr)
        return;
    std::string filter = reason_filter(*row);
    const auto at = static_cast<std::size_t>(m_pane->values()->chosen());
    const bool known = m_dimension_shown != QStringLiteral("producer") &&
                       at < m_value_texts.size() && m_value_texts[at] != "(other)";
    if (of_value && known) {
        const std::string name = m_dimension_shown.toStdString();
        if (m_value_texts[at] == "(none)") {
            filter += " and not " + name + " exists";
        } else {
            filter += " and " + name + " == ";
            append_json_string(m_value_texts[at], filter);
        }
    }
    Q_EMIT openRequested(QStringLiteral("live"), {{QStringLiteral("filter"), qt(filter)}});
}

QString InvalidView::command() const {
    if (m_seen.lanes.empty() || !m_report)
        return {};
    const InvalidOptions& told = *m_seen.lanes.front()->options;
    const CommandTarget target = m_source->commandTarget(told.connection);
    std::string text = "weir invalid " + weir_connection(target);
    if (target.workspace.empty()) {
        for (const QString& topic : m_source->topics())
            text += " -t " + shell_quoted(topic.toStdString());
        for (const std::string& topic : told.dead_letters)
            text += " --dead-letter " + shell_quoted(topic);
    }
    const RecordRange& range = m_report->question.range;
    if (range.from_us != INT64_MIN)
        text +=
            " --from " + rfc3339(Micros(range.from_us)) + " --to " + rfc3339(Micros(range.to_us));
    return qt(text);
}

} // namespace weir
