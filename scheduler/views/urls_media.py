"""The addresses of pictures and videos."""

from django.urls import path

from scheduler.views import media, media_uploads

urlpatterns = [
    path("media/", media.media, name="media"),
    path("media/add/", media.add, name="media_add"),
    path("media/pick/", media.pick, name="media_pick"),
    path("media/uploads/", media_uploads.begin, name="upload_begin"),
    path("media/uploads/<uuid:pk>/", media_uploads.piece, name="upload_piece"),
    path("media/uploads/<uuid:pk>/finish/", media_uploads.finish, name="upload_finish"),
    path("media/<int:pk>/", media.one, name="media_file"),
    path("media/<int:pk>/delete/", media.delete, name="media_delete"),
    path("media/<int:pk>/tile/", media.picked, name="media_picked"),
    path("media/<int:pk>/content/", media.content, name="media_content"),
    path("media/<int:pk>/small/", media.small, name="media_small"),
    path("media/<int:pk>/as/<int:channel>/", media.as_sent, name="media_as_sent"),
]
