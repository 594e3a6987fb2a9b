"""The addresses of this part: the library, the search over it, and the import into it."""

from django.urls import path

from scheduler.views import importing, library, search

urlpatterns = [
    path("library/", library.show, name="library"),
    path("library/change/", library.change, name="library_change"),
    path("search/", search.show, name="search"),
    path("import/", importing.bring, name="import"),
    path("import/<int:pk>/", importing.show, name="import_preview"),
    path("import/<int:pk>/choices/", importing.choose, name="import_choose"),
    path("import/<int:pk>/take/", importing.take, name="import_take"),
    path("import/<int:pk>/mend/", importing.mend, name="import_mend"),
    path("import/<int:pk>/confirm/", importing.confirm, name="import_confirm"),
    path("import/<int:pk>/discard/", importing.discard, name="import_discard"),
]
