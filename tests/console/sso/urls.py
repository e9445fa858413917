"""The provider's addresses: the protocol's below `/o/`, and the page on which people sign in."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import include, path

urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("masuk/", LoginView.as_view()),
]
