# Rights in the Request Tracker of docs/measured.md: every agent works in every queue, and nobody gets letters.
our @ACL = map +{ GroupDomain => 'SystemInternal', GroupType => 'Privileged', Right => $_ },
    qw(SeeQueue ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket OwnTicket TakeTicket ModifyTicket
       ModifySelf SeeDashboard SeeOwnDashboard LoadSavedSearch CreateSavedSearch);
our @Final = sub {
    my $scrips = RT::Scrips->new(RT->SystemUser);
    $scrips->UnLimit;
    while (my $scrip = $scrips->Next) {
        $scrip->SetDisabled(1) if $scrip->ActionObj->Name =~ /^(Notify|Autoreply)/;
    }
};
1;
