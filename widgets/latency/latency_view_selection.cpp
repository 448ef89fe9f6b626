// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Latency view's rectangle: what its events have in common, and the way to them.
#include <QJsonObject>
#include <QPushButton>
#include <QToolButton>

#include "models/event/json/json_tape.h"
#include "models/live/copied_command.h"
#include "widgets/common/number_text.h"
#include "widgets/latency/difference_list.h"
#include "widgets/latency/heatmap.h"
#include "widgets/latency/latency_view.h"

namespace weir {

namespace {

constexpr int differences_every_ms = 2'000; // while the range goes on

/// As the filter language and the command line read it.
std::string instant(std::int64_t time_us) {
    return ZoneClock()
        .date_time(time_us, Precision::Millis)
        .replace(QLatin1Char(' '), QLatin1Char('T'))
        .append(QLatin1Char('Z'))
        .toStdString();
}

} // namespace

/// Asks anew for what is selected now; an older answer is dropped.
void LatencyView::askDifferences() {
    const std::optional<LatencySelection>& selection = m_heatmap->selection();
    const LatencyLine* const line = chosen();
    const auto vocabulary = m_source->vocabulary();
    if (!selection || line == nullptr || !vocabulary || line->seen >= m_seen.size()) {
        m_later.drop();
        m_shown_differences.reset();
        m_differences->setDifferences({});
        showSelection();
        return;
    }
    m_differences_age.start();
    m_later.start([seen = m_seen[line->seen], path = line->path, selected = *selection,
                   range = m_range, vocabulary, disclosure = m_source->disclosure()] {
        return latency_differences(seen, path, selected, range, *vocabulary, *disclosure);
    });
    showSelection();
}

void LatencyView::takeDifferences() {
    if (const auto answer = m_later.answer(); answer && answer != m_shown_differences) {
        m_shown_differences = answer;
        m_differences->setDifferences(*answer);
        showSelection();
    }
    const bool answered = m_shown_differences && m_shown_differences == m_later.answer();
    if (answered && m_heatmap->selection() && m_differences_age.elapsed() >= differences_every_ms)
        askDifferences();
}

QString LatencyView::selectionWords(const LatencySelection& selection) const {
    const ZoneClock& clock = m_context.clock();
    const QString when = tr("%1 to %2")
                             .arg(clock.time(selection.time.from_us, Precision::Minutes),
                                  clock.time(selection.time.to_us, Precision::Minutes));
    if (selection.most_us <= 0)
        return tr("%1, below 0").arg(when);
    if (selection.most_us == INT64_MAX)
        return tr("%1, %2 and more").arg(when, duration_text(selection.least_us));
    if (selection.least_us == 0)
        return tr("%1, up to %2").arg(when, duration_text(selection.most_us));
    return tr("%1, %2 to %3")
        .arg(when, duration_text(selection.least_us), duration_text(selection.most_us));
}

void LatencyView::showSelection() {
    const std::optional<LatencySelection>& selection = m_heatmap->selection();
    m_show->setEnabled(selection.has_value());
    const DimensionDifference* const one = m_differences->chosen();
    m_show_value->setEnabled(selection && one != nullptr && !one->alike());
    if (!selection) {
        m_selection_text->setText(tr("Drag a rectangle over the slow ones (or Shift and the arrow "
                                     "keys, then Enter): here stands what sets them apart."));
        return;
    }
    const QString words = selectionWords(*selection);
    if (!m_shown_differences)
        m_selection_text->setText(tr("%1: being counted").arg(words));
    else if (m_shown_differences->empty())
        m_selection_text->setText(tr("%1: no event").arg(words));
    else
        m_selection_text->setText(
            tr("%1: %2 events inside, %3 outside. Blue inside, grey outside; ranked by difference.")
                .arg(words, count_text(m_shown_differences->front().inside),
                     count_text(m_shown_differences->front().outside)));
}

void LatencyView::showEvents(bool of_value) {
    const std::optional<LatencySelection>& selection = m_heatmap->selection();
    const LatencyLine* const line = chosen();
    const auto vocabulary = m_source->vocabulary();
    if (!selection || line == nullptr || !vocabulary)
        return;
    std::string filter = "topic == ";
    append_json_string(vocabulary->places->name(line->path.scope.to), filter);
    filter += " and time >= " + instant(selection->time.from_us) + " and time < " +
              instant(selection->time.to_us);
    const DimensionDifference* const one = m_differences->chosen();
    if (of_value && one != nullptr && one->values.front().id != other_value) {
        const ValueShare& value = one->values.front();
        filter += " and ";
        if (one->dimension == "partition") {
            filter += "partition == " + std::to_string(value.id.value());
        } else if (value.id == no_value) {
            filter += "not " + one->dimension + " exists";
        } else {
            filter += one->dimension + " == ";
            append_json_string(value.value, filter);
        }
    }
    Q_EMIT openRequested(QStringLiteral("live"),
                         {{QStringLiteral("filter"), QString::fromStdString(filter)}});
}

QString LatencyView::command() const {
    const LatencyLine* const line = chosen();
    if (line == nullptr || line->seen >= m_seen.size())
        return {};
    const std::string connection = m_seen[line->seen].options().connection;
    std::string text = "weir latency " + weir_connection(m_source->commandTarget(connection));
    if (m_seen[line->seen].options().stages.empty() && m_source->vocabulary())
        for (const LatencyPlace& place : latency_places(m_seen[line->seen]))
            text += " -t " + shell_quoted(m_source->vocabulary()->places->name(place.place));
    text += " --from " + instant(m_range.from_us) + " --to " + instant(m_range.to_us);
    if (m_policy != ClockPolicy::Raw)
        text += std::string(" --clock ") + to_word(m_policy);
    return QString::fromStdString(text);
}

} // namespace weir
