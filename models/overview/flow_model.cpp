// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/overview/flow_model.h"

#include "models/catalogue/facts_model.h"
#include "models/event/grouped.h"
#include "models/live/plain_tooltip.h"
#include "models/live/printable.h"

namespace weir {

void FlowModel::setOverview(std::shared_ptr<const Overview> overview) {
    const auto rows = [](const auto& of) { return of ? static_cast<int>(of->stages.size()) : 0; };
    const int before = rows(m_overview);
    const int after = rows(overview);
    if (after > before)
        beginInsertRows({}, before, after - 1);
    else if (after < before)
        beginRemoveRows({}, after, before - 1);
    m_overview = std::move(overview);
    if (after > before)
        endInsertRows();
    else if (after < before)
        endRemoveRows();
    if (after > 0)
        Q_EMIT dataChanged(index(0, 0), index(after - 1, ColumnCount - 1));
}

int FlowModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_overview ? 0 : static_cast<int>(m_overview->stages.size());
}

int FlowModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<std::int64_t> FlowModel::count(const OverviewStage& stage, int column) const {
    if (!stage.observed)
        return {};
    switch (column) {
    case In:
        return stage.flow[FlowCount::In];
    case Duplicate:
        return stage.flow.duplicate();
    default:
        break;
    }
    if (!stage.judged)
        return {};
    switch (column) {
    case Out:
        return stage.flow[FlowCount::Out];
    case Rejected:
        return stage.flow[FlowCount::Rejected];
    case Pending:
        return stage.flow.pending + stage.flow.outside;
    case Unaccounted:
        return stage.flow.unaccounted;
    default:
        return {};
    }
}

QString FlowModel::tip(const OverviewStage& stage, int column) const {
    if (!stage.observed)
        return tr("No place that this stage reads is observed");
    switch (column) {
    case Duplicate:
        return tr("%1 came in again with the same bytes, %2 with other content")
            .arg(QString::fromStdString(grouped(stage.flow[FlowCount::SameBytes])),
                 QString::fromStdString(grouped(stage.flow[FlowCount::OtherContent])));
    case Pending:
        if (stage.flow.outside > 0)
            return tr("%1 of them came before what is read of the places behind the stage")
                .arg(QString::fromStdString(grouped(stage.flow.outside)));
        return tr("They may still come within the stage's pending limit");
    case Unaccounted:
        return tr("Everything behind the stage is read up to their limit, and they were not there. "
                  "What a stage filters is among them: nothing that is observed tells it");
    default:
        break;
    }
    if (!stage.judged && column != In)
        return tr("No place behind this stage is observed");
    return {};
}

QVariant FlowModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_overview ||
        index.row() >= static_cast<int>(m_overview->stages.size()))
        return {};
    const OverviewStage& stage = m_overview->stages[static_cast<std::size_t>(index.row())];
    const auto number = count(stage, index.column());
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Stage)
            return QString::fromStdString(printable(stage.name));
        if (!number)
            return QStringLiteral("–");
        return QString(
            (stage.sampled > 1 && index.column() != In ? QStringLiteral("~") : QString()) %
            QString::fromStdString(grouped(*number)));
    case Qt::TextAlignmentRole:
        return index.column() == Stage ? QVariant()
                                       : QVariant(int{Qt::AlignRight | Qt::AlignVCenter});
    case Qt::ToolTipRole:
        return plain_tooltip(tip(stage, index.column()));
    case FactsModel::ToneRole:
        return static_cast<int>(index.column() == Stage         ? FactsTable::Tone::Plain
                                : number.value_or(0) == 0       ? FactsTable::Tone::Quiet
                                : index.column() == Unaccounted ? FactsTable::Tone::Bad
                                                                : FactsTable::Tone::Plain);
    default:
        return {};
    }
}

QVariant FlowModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Stage ? QVariant(int{Qt::AlignLeft | Qt::AlignVCenter})
                                : QVariant(int{Qt::AlignRight | Qt::AlignVCenter});
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Stage:
        return tr("Stage");
    case In:
        return tr("In");
    case Out:
        return tr("Out");
    case Rejected:
        return tr("Rejected");
    case Duplicate:
        return tr("Duplicate");
    case Pending:
        return tr("Pending");
    case Unaccounted:
        return tr("Unaccounted");
    default:
        return {};
    }
}

} // namespace weir
