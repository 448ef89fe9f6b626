// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/welcome_page.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/common/controls.h"

namespace weir {
namespace {

constexpr int column_px = 560;

/// One way to begin: what it is, what will happen, and the button.
QWidget* way(QPushButton* button, const QString& title, const QString& text) {
    auto* card = new Card;
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(16, 12, 12, 12);
    row->setSpacing(16);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(new TextLabel(title, TextRole::Strong));
    auto* more = new TextLabel(text, TextRole::Muted);
    more->setWordWrap(true);
    words->addWidget(more);
    row->addLayout(words, 1);
    row->addWidget(button, 0, Qt::AlignVCenter);
    button->setAccessibleDescription(text);
    return card;
}

} // namespace

WelcomePage::WelcomePage(bool with_demo, QWidget* parent)
    : QWidget(parent)
    , m_recent(new QVBoxLayout)
    , m_recent_box(new QWidget) {
    // A column of fixed width in the middle: only so do labels that wrap get their height.
    auto* inner = new QWidget;
    inner->setFixedWidth(column_px);
    auto* row = new QHBoxLayout(this);
    row->addStretch();
    row->addWidget(inner);
    row->addStretch();
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 24, 0, 24);
    column->setSpacing(12);
    column->addStretch(2);
    auto* heading = new TextLabel(tr("See into a running event pipeline"), TextRole::Heading);
    auto* promise = new TextLabel(
        tr("Weir reads topics without a consumer group and without writing: nothing it looks at "
           "can tell that it was there."),
        TextRole::Muted);
    promise->setWordWrap(true);
    column->addWidget(heading);
    column->addWidget(promise);
    column->addSpacing(8);

    QPushButton* connection = primary_button(tr("New connection…"));
    connect(connection, &QPushButton::clicked, this, &WelcomePage::newConnectionRequested);
    column->addWidget(way(connection, tr("Connect to a Kafka cluster"),
                          tr("Enter its address, test it, and save it to a workspace.")));
    QPushButton* open = quiet_button(tr("Open…"));
    connect(open, &QPushButton::clicked, this, &WelcomePage::openWorkspaceRequested);
    column->addWidget(
        way(open, tr("Open a workspace"),
            tr("A *.weir.json file: connections, topics, stages. Opening one connects "
               "to nothing without asking.")));
    if (with_demo) {
        QPushButton* demo = quiet_button(tr("Start the demo"));
        connect(demo, &QPushButton::clicked, this, &WelcomePage::demoRequested);
        column->addWidget(way(demo, tr("Look around"),
                              tr("A cluster inside this process, with a stream of made-up events. "
                                 "Nothing is installed and nothing leaves this machine.")));
    }
    m_first = connection;
    m_recent_box->setLayout(m_recent);
    m_recent->setContentsMargins(0, 8, 0, 0);
    m_recent->setSpacing(2);
    column->addWidget(m_recent_box);
    m_recent_box->hide();
    column->addStretch(3);
}

void WelcomePage::setRecent(const QStringList& files) {
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recent_box->setVisible(!files.isEmpty());
    if (files.isEmpty())
        return;
    m_recent->addWidget(new TextLabel(tr("Recent"), TextRole::Muted));
    for (const QString& file : files.mid(0, 5)) {
        const QString shown = fontMetrics().elidedText(file, Qt::ElideMiddle, column_px - 24);
        QPushButton* button =
            link_button(QString(shown).replace(QLatin1Char('&'), QStringLiteral("&&")));
        set_plain_tooltip(button, file);
        connect(button, &QPushButton::clicked, this,
                [this, file] { Q_EMIT recentRequested(file); });
        m_recent->addWidget(button, 0, Qt::AlignLeft);
    }
}

QWidget* WelcomePage::firstFocus() const {
    return m_first;
}

} // namespace weir
