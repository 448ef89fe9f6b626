// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/stream_news.h"

#include <algorithm>
#include <set>

#include "connectors/base/qt_text.h"
#include "models/event/partition_news.h"
#include "models/live/printable.h"

namespace weir {
namespace {

bool still_open(const PartitionEvent& event,
                const std::vector<kafka::PartitionProgress>& progress) {
    return std::any_of(progress.begin(), progress.end(), [&](const kafka::PartitionProgress& p) {
        return p.topic == event.topic && p.partition == event.partition && p.next < event.to;
    });
}

/// What a partition cannot say by its state.
bool is_told(const PartitionEvent& event, const std::vector<kafka::PartitionProgress>& progress) {
    return event.note == PartitionNote::Recreated || event.note == PartitionNote::Cut ||
           (event.note == PartitionNote::OpenTransaction && still_open(event, progress));
}

QString few_words(const PartitionEvent& event) {
    constexpr std::size_t name_bytes_max = 40;
    const QString topic = QString::fromStdString(printable(event.topic, name_bytes_max));
    const QString place = topic % u'/' % QString::number(event.partition.value());
    if (event.note == PartitionNote::Recreated) // all of its partitions are
        return tr("▲ %1 made again").arg(topic);
    return event.note == PartitionNote::Cut ? tr("▲ %1 lost records").arg(place)
                                            : tr("◐ %1 open transaction").arg(place);
}

} // namespace

std::optional<StatusFact> news_fact(const std::vector<IngestNote>& notes,
                                    const std::vector<kafka::PartitionProgress>& progress,
                                    const ZoneClock& clock) {
    const IngestNote* newest = nullptr;
    std::set<QString> different; // a topic made again is one piece of news, whatever its partitions
    QStringList lines;
    int lines_left = 0;
    for (auto note = notes.rbegin(); note != notes.rend(); ++note) {
        if (!is_told(note->event, progress))
            continue;
        newest = newest == nullptr ? &*note : newest;
        different.insert(few_words(note->event));
        if (lines.size() < news_lines_max)
            lines.append(clock.date_time(note->time.value(), Precision::Seconds) % u' ' %
                         clock.abbreviation(note->time.value()) % QStringLiteral("  ") %
                         QString::fromStdString(printable(partition_news(note->event))));
        else
            ++lines_left;
    }
    if (newest == nullptr)
        return std::nullopt;
    if (lines_left > 0)
        lines.append(tr("and %1 more").arg(lines_left));
    QString text =
        few_words(newest->event) % u' ' % clock.time(newest->time.value(), Precision::Minutes);
    if (different.size() > 1)
        text += tr(", %1 more").arg(different.size() - 1);
    const bool alarm = newest->event.note != PartitionNote::OpenTransaction;
    return StatusFact{text, lines.join(u'\n'), Token::Amber, alarm};
}

} // namespace weir
