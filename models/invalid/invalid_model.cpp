// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_model.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "connectors/base/qt_text.h"
#include "models/event/grouped.h"
#include "models/live/printable.h"

namespace weir {

namespace {

constexpr double percent = 100;

QString shown(const std::string& text) {
    return qt(printable(text));
}

QByteArray key_of(const InvalidRow& row) {
    return QByteArray(reinterpret_cast<const char*>(&row.key), sizeof row.key).toHex();
}

bool is_number(int column) {
    return column >= InvalidModel::Events && column <= InvalidModel::Last;
}

/// By what a column orders its numbers; what is not known comes last.
double value_of(const InvalidRow& row, int column) {
    constexpr double none = -1e18;
    switch (column) {
    case InvalidModel::Share:
        return row.now.share().value_or(none);
    case InvalidModel::Trend:
        return row.trend_pp().value_or(none);
    case InvalidModel::Users:
        return static_cast<double>(row.users.estimate());
    case InvalidModel::First:
        return static_cast<double>(row.first_us);
    case InvalidModel::Last:
        return static_cast<double>(row.last_us);
    case InvalidModel::Severe:
        return -static_cast<double>(row.severity);
    default:
        return static_cast<double>(row.now.events);
    }
}

QString note_of(const InvalidRow& row) {
    if (row.bot())
        return InvalidModel::tr("bot");
    if (row.key.kind == InvalidKind::Passed)
        return InvalidModel::tr("passed");
    return row.key.kind == InvalidKind::Unreadable ? InvalidModel::tr("unreadable") : QString();
}

} // namespace

QString invalid_share_text(const std::optional<double>& share) {
    if (!share)
        return QStringLiteral("–");
    const double of_100 = percent * *share;
    return QString::number(of_100, 'f', of_100 > 0 && of_100 < 1 ? 2 : 1) + QStringLiteral(" %");
}

QString invalid_trend_text(const std::optional<double>& points) {
    if (!points)
        return QStringLiteral("–");
    constexpr double least = 0.005; // what would be written as 0
    if (std::abs(*points) < least)
        return QStringLiteral("0 pp");
    const QString number = QString::number(std::abs(*points), 'f', std::abs(*points) < 1 ? 2 : 1);
    return (*points < 0 ? QStringLiteral("−") : QStringLiteral("+")) + number +
           QStringLiteral(" pp");
}

QString distinct_text(const DistinctSketch& sketch) {
    return (sketch.exact() ? QString() : QStringLiteral("≈ ")) + qt(grouped(sketch.estimate()));
}

InvalidModel::InvalidModel(std::shared_ptr<const Vocabulary> vocabulary, QObject* parent)
    : QAbstractTableModel(parent)
    , m_vocabulary(std::move(vocabulary)) {}

void InvalidModel::setReport(std::shared_ptr<const InvalidReport> report,
                             std::shared_ptr<const Vocabulary> vocabulary) {
    m_report = std::move(report);
    m_vocabulary = std::move(vocabulary);
    refresh();
}

void InvalidModel::setFilter(const QString& words, bool bots) {
    if (words == m_words && bots == m_bots)
        return;
    m_words = words;
    m_bots = bots;
    refresh();
}

bool InvalidModel::wanted(const InvalidRow& row) const {
    if (row.bot() && !m_bots)
        return false;
    const QStringList words = m_words.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        for (const int column : {Reason, Where, Type, Client, Remedy})
            if (text(row, column).contains(word, Qt::CaseInsensitive))
                return true;
        return note_of(row).contains(word, Qt::CaseInsensitive);
    });
}

void InvalidModel::refresh() {
    std::map<QByteArray, const InvalidRow*> all;
    m_most = 1;
    if (m_report)
        for (const InvalidRow& row : m_report->rows)
            if (wanted(row)) {
                all.emplace(key_of(row), &row);
                m_most = std::max(m_most, static_cast<double>(row.now.events));
            }
    for (int at = rowCount() - 1; at >= 0; --at) {
        if (all.contains(key_of(m_rows[static_cast<std::size_t>(at)])))
            continue;
        beginRemoveRows({}, at, at);
        m_rows.erase(m_rows.begin() + at);
        endRemoveRows();
    }
    for (InvalidRow& row : m_rows) {
        const auto found = all.find(key_of(row));
        row = *found->second;
        all.erase(found);
    }
    if (!all.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(all.size()) - 1);
        for (const auto& [key, row] : all)
            m_rows.push_back(*row);
        endInsertRows();
    }
    put_in_order();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool InvalidModel::before(const InvalidRow& a, const InvalidRow& b) const {
    const bool ascending = m_sort_order == Qt::AscendingOrder;
    if (is_number(m_sort_column) || m_sort_column == Severe) {
        const double x = value_of(a, m_sort_column);
        const double y = value_of(b, m_sort_column);
        return ascending ? x < y : x > y;
    }
    const int order = text(a, m_sort_column).localeAwareCompare(text(b, m_sort_column));
    return ascending ? order < 0 : order > 0;
}

void InvalidModel::put_in_order() {
    const auto less = [this](const InvalidRow& a, const InvalidRow& b) { return before(a, b); };
    if (std::is_sorted(m_rows.begin(), m_rows.end(), less))
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList old = persistentIndexList();
    std::vector<QByteArray> keys;
    for (const QModelIndex& at : old)
        keys.push_back(key_of(m_rows[static_cast<std::size_t>(at.row())]));
    std::stable_sort(m_rows.begin(), m_rows.end(), less);
    QModelIndexList now;
    for (int i = 0; i < old.size(); ++i)
        now.append(indexOf(keys[static_cast<std::size_t>(i)]).siblingAtColumn(old[i].column()));
    changePersistentIndexList(old, now);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

void InvalidModel::sort(int column, Qt::SortOrder order) {
    m_sort_column = column;
    m_sort_order = order;
    put_in_order();
}

const InvalidRow* InvalidModel::rowAt(const QModelIndex& index) const {
    return index.isValid() && index.row() < rowCount()
               ? &m_rows[static_cast<std::size_t>(index.row())]
               : nullptr;
}

QModelIndex InvalidModel::indexOf(const QByteArray& key) const {
    for (int row = 0; row < rowCount(); ++row)
        if (key_of(m_rows[static_cast<std::size_t>(row)]) == key)
            return index(row, 0);
    return {};
}

int InvalidModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int InvalidModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString InvalidModel::value(const InvalidRow& row, const char* dimension) const {
    const int at = m_vocabulary ? m_vocabulary->dimension(dimension) : -1;
    return at < 0 || static_cast<std::size_t>(at) >= row.values.size()
               ? QString()
               : shown(row.values[static_cast<std::size_t>(at)]);
}

QString InvalidModel::client(const InvalidRow& row) const {
    QStringList parts;
    for (const char* name : {"source", "platform", "app_version"})
        if (const QString part = value(row, name);
            !part.isEmpty() && part != QStringLiteral("(none)"))
            parts.append(part);
    return parts.join(QStringLiteral(" · "));
}

QString InvalidModel::text(const InvalidRow& row, int column) const {
    switch (column) {
    case Reason:
        return row.message.empty() ? shown(row.reason)
                                   : shown(row.reason) + QStringLiteral(": ") + shown(row.message);
    case Where:
        return shown(row.pointer);
    case Type:
        return value(row, "type");
    case Client:
        return client(row);
    case Events:
        return qt(grouped(row.now.events));
    case Share:
        return invalid_share_text(row.now.share());
    case Trend:
        return row.is_new ? tr("new") : invalid_trend_text(row.trend_pp());
    case Users:
        return distinct_text(row.users);
    case Severe:
        return QLatin1String(to_word(row.severity));
    case Remedy:
        return qt(row.facts.remedy);
    default:
        return {};
    }
}

QVariant InvalidModel::data(const QModelIndex& index, int role) const {
    const InvalidRow* const row = rowAt(index);
    if (row == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(*row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(
            (is_number(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case KeyRole:
        return key_of(*row);
    case TimeRole:
        return static_cast<qint64>(index.column() == First ? row->first_us : row->last_us);
    case BarRole:
        return static_cast<double>(row->now.events) / m_most;
    case EstimateRole:
        return index.column() == Users && !row->users.exact();
    case NewRole:
        return row->is_new;
    case NoteRole:
        return note_of(*row);
    case SeverityRole:
        return static_cast<int>(row->severity);
    default:
        return {};
    }
}

QVariant InvalidModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(
            (is_number(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && section == Share)
        return tr("Of all events that came in with the same type, source, platform and version");
    if (role == Qt::ToolTipRole && section == Trend)
        return tr("Percentage points more than in the period before");
    if (role == Qt::ToolTipRole && section == Users)
        return tr("Different users; with ≈ an estimate, 3.3 % standard error");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Reason:
        return tr("Reason");
    case Where:
        return tr("Where");
    case Type:
        return tr("Type");
    case Client:
        return tr("From");
    case Events:
        return tr("Events");
    case Share:
        return tr("Share");
    case Trend:
        return tr("Trend");
    case Users:
        return tr("Users");
    case First:
        return tr("First seen");
    case Last:
        return tr("Last seen");
    case Severe:
        return tr("Severity");
    case Remedy:
        return tr("What to do");
    default:
        return {};
    }
}

} // namespace weir
